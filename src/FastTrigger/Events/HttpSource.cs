using System.Text;
using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Requests over HTTP: API Gateway, Function URLs and load balancers. The answer gives the outcome and the id by which the log has it, and
/// nothing of the inside. A load balancer's health checks are answered, and are no events. What looks like a request and is of no known
/// form is refused.
/// </summary>
internal sealed class HttpSource : EventSource
{
    private const int MaxKeyLength = 255;

    public override string Name => "http";

    public override BatchForm Form => BatchForm.Answered;

    public override IdLasts IdLasts => IdLasts.WhenGiven;

    public override string IdText => "the caller and its Idempotency-Key; without one, Lambda's request id";

    public override bool NeedsAuth => true;

    public override IReadOnlyList<EventSample> Samples =>
    [
        new("http", "An HTTP API of API Gateway, payload format 2.0, with a JWT authorizer"),
        new("http-url", "A Function URL with AWS_IAM"),
        new("http-1.0", "An HTTP API of API Gateway, payload format 1.0"),
        new("http-rest", "A REST API of API Gateway, with AWS_IAM"),
        new("http-websocket", "A message to a WebSocket API of API Gateway"),
        new("http-alb", "An Application Load Balancer") { Answer = OfLoadBalancer },
        new("http-alb-lists", "An Application Load Balancer with multi-value headers") { Answer = OfLoadBalancer },
        new("http-alb-health", "A load balancer's health check") { Answer = OfLoadBalancer },
    ];

    public override string AnswerText => "`statusCode`, `headers`, `body`";

    private static string OfLoadBalancer => "`statusCode`, `statusDescription`, headers, `body`";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTop)
        {
            return false;
        }

        if (HttpEvent.Read(content) is not { } request)
        {
            return HttpEvent.LooksLikeOne(content) && Refuse(content, outer, items);
        }

        if (request.IsHealthCheck)
        {
            return true;
        }

        // The IETF's draft "The Idempotency-Key HTTP Header Field". A key is its caller's: another's is another request.
        var key = request.Header("idempotency-key");
        var id = key is null ? outer.Id : ItemId.Lasting(request.Caller, key);
        items.Add(new(outer, Name, id, request.Seen()) { Http = request, IsNamedOnly = true, Unplayable = WhyNot(request, key) });
        return true;
    }

    private static string? WhyNot(HttpEvent request, string? key) =>
        request.IsBodyBroken ? "its body is said to be base64 (isBase64Encoded), and is not"
        : key is { Length: > 0 and <= MaxKeyLength } || !request.HasHeader("idempotency-key") ? null
        : $"Idempotency-Key is one header of 1 to {MaxKeyLength} characters";

    private bool Refuse(JsonElement content, in Envelope outer, List<Item> items)
    {
        items.Add(new(outer, Name, outer.Id, content)
        {
            IsNamedOnly = true,
            Unplayable = "it looks like an HTTP request and has no form that is known: API Gateway, a Function URL or a load balancer",
        });
        return true;
    }

    public override bool Answer(ByteBuffer answer, JsonElement root, IReadOnlyList<ItemAnswer> items, string requestId)
    {
        // Only a health check brings no item.
        var end = items.Count == 0 ? new(null!, ItemOutcome.Done, IsUndone: false, Given: null) : items[0];
        var given = end.Given is { } text ? Content.Parse(Encoding.UTF8.GetBytes(text)) : default;
        // A handler that says statusCode has the whole answer to itself, as with API Gateway.
        if (given.Get("statusCode"u8).ValueKind == JsonValueKind.Number)
        {
            answer.Append(end.Given!);
            return true;
        }

        var isBroken = end.Outcome == ItemOutcome.Failed && end.Item is { Http.IsBodyBroken: true };
        var (status, description) = isBroken ? (400, "Bad Request") : Status(end.Outcome);
        var isLoadBalancer = items.Count == 0 || end.Item.Http is { Form: HttpForm.LoadBalancer };
        var json = new JsonBuilder(answer).BeginObject().Member("statusCode", status);
        if (isLoadBalancer)
        {
            json.Member("statusDescription", $"{status} {description}");
        }

        WriteHeaders(json, status, isList: isLoadBalancer && root.Get("multiValueHeaders"u8).ValueKind == JsonValueKind.Object);
        json.Member("body", end.Given ?? $$"""{"outcome":"{{end.Name}}","correlationId":"{{requestId}}"}""")
            .Name("isBase64Encoded").Boolean(false).EndObject();
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
