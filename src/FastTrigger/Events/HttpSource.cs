using System.Text;
using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Requests over HTTP: API Gateway, Function URLs and load balancers. The answer says what became of the request and by which id it is found in the log, and nothing
/// of the inside. A load balancer's health checks are answered, and are no events.
/// </summary>
internal sealed class HttpSource : EventSource
{
    private const int LongestKey = 255;

    public override string Name => "http";

    public override BatchForm Form => BatchForm.Answered;

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (HttpEvent.Read(content) is not { } request)
        {
            return false;
        }

        if (request.Form != HttpForm.LoadBalancer || request.Header("user-agent")?.StartsWith("ELB-HealthChecker/", StringComparison.Ordinal) != true)
        {
            // The IETF's draft "The Idempotency-Key HTTP Header Field".
            var key = request.Header("idempotency-key");
            outer.Add(new(Name, key ?? outer.Id, request.Seen()) { Http = request, IsNamedOnly = true, Unplayable = key is null or { Length: > 0 and <= LongestKey } ? null : "Idempotency-Key takes 1 to 255 characters" }, items);
        }

        return true;
    }

    public override bool Answer(ByteBuffer answer, JsonElement root, IReadOnlyList<Item> items, string requestId)
    {
        var end = items.Count == 0 ? new(ItemOutcome.Done) : items[0].End;
        var given = end.IsDone && end.Answer is { } text ? Content.Parse(Encoding.UTF8.GetBytes(text)) : default;
        // A handler that says statusCode has the whole answer to itself, as with API Gateway.
        if (given.Get("statusCode"u8).ValueKind == JsonValueKind.Number)
        {
            answer.Append(end.Answer!);
            return true;
        }

        var (status, description) = Status(end.Outcome);
        // Only a load balancer's health checks bring no item.
        var form = items.Count == 0 ? HttpForm.LoadBalancer : items[0].Http!.Form;
        var json = new JsonBuilder(answer).BeginObject().Member("statusCode", status);
        if (form == HttpForm.LoadBalancer)
        {
            json.Member("statusDescription", $"{status} {description}");
        }

        WriteHeaders(json, status, isList: form == HttpForm.LoadBalancer && root.Get("multiValueHeaders"u8).ValueKind == JsonValueKind.Object);
        json.Member("body", end is { IsDone: true, Answer: not null } ? end.Answer : $$"""{"outcome":"{{end.Name}}","correlationId":"{{requestId}}"}""").Name("isBase64Encoded").Boolean(false).EndObject();
        return true;
    }

    private static void WriteHeaders(JsonBuilder json, int status, bool isList)
    {
        // A load balancer with multi-value headers takes no others, and one without them only the others.
        json.Name(isList ? "multiValueHeaders" : "headers").BeginObject();
        Write("content-type", "application/json");
        Write("cache-control", "no-store");
        if (status is 429 or 503)
        {
            Write("retry-after", status == 429 ? "2" : "5");
        }

        json.EndObject();

        void Write(string name, string value)
        {
            json.Name(name);
            if (isList)
            {
                json.BeginArray().Text(value).EndArray();
            }
            else
            {
                json.Text(value);
            }
        }
    }

    private static (int Status, string Description) Status(ItemOutcome outcome) => outcome switch
    {
        ItemOutcome.Done => (200, "OK"),
        ItemOutcome.Accepted => (202, "Accepted"),
        ItemOutcome.Unmatched => (404, "Not Found"),
        ItemOutcome.Unauthenticated => (401, "Unauthorized"),
        ItemOutcome.Forbidden => (403, "Forbidden"),
        ItemOutcome.Failed => (422, "Unprocessable Entity"),
        ItemOutcome.Throttled => (429, "Too Many Requests"),
        ItemOutcome.Retry => (503, "Service Unavailable"),
        _ => (504, "Gateway Timeout"),
    };
}
