using System.Text;
using System.Text.Json;
using FastTrigger.Actions;
using FastTrigger.Aws;
using FastTrigger.Core;
using FastTrigger.Events;
using FastTrigger.Http;
using FastTrigger.Json;

namespace FastTrigger.Routing.Callbacks;

/// <summary>
/// Answers a custom resource (docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html), or its stack waits for an hour. A Delete that no route takes has succeeded,
/// so that a stack can always be taken down; a Create or Update that none takes has failed.
/// </summary>
internal static class CloudFormationCallback
{
    private const int LongestResponse = 4_096, LongestReason = 1_000, FirstPauseMs = 200, LongestPauseMs = 2_000;

    private static readonly HttpLimits s_limits = new(16 * 1024, 64 * 1024);

    public static string? Deliver(Item item, string reason, ActionContext context)
    {
        if (!TryReadUrl(item.Event.Text("ResponseURL"u8)!, out var origin, out var problem))
        {
            return $"ResponseURL: {problem}";
        }

        var where = origin;
        // A stand-in for S3, as the SDKs take it.
        if ((context.Settings.Variable("AWS_ENDPOINT_URL_S3") ?? context.Settings.Variable("AWS_ENDPOINT_URL")) is { } configured && !Origin.TryParse(configured, out where, out problem))
        {
            return $"AWS_ENDPOINT_URL: {problem}";
        }

        var body = Write(item, reason, context);
        var request = HttpRequest.Write(new(), "PUT", origin, [("Content-Type", "")], body);
        for (var pause = FirstPauseMs; ; pause = Math.Min(pause * 2, LongestPauseMs))
        {
            var connection = context.Aws.Connections.Take(where, context.Settings.Region, true, context.Deadline, out var broken);
            if (connection is not null)
            {
                using (connection)
                {
                    broken = connection.Send(request.Span, s_limits, context.Deadline, context.Deadline);
                    if (broken.IsNone && connection.Response.Status is >= 200 and < 300)
                    {
                        return null;
                    }

                    problem = broken.IsNone ? $"{origin.Host} answered {connection.Response.Status}" : $"{origin.Host}: {broken.Detail}";
                    if (broken.IsNone && connection.Response.Status is >= 300 and < 500)
                    {
                        return problem;
                    }
                }
            }
            else
            {
                problem = $"{origin.Host}: {broken.Detail}";
            }

            if (context.Deadline.RemainingMs <= pause)
            {
                return problem;
            }

            Thread.Sleep(pause);
        }
    }

    /// <summary>
    /// CloudFormation signs URLs of its own buckets: only https to S3, by any of its host names, in AWS's partitions. Everything else would let whoever may invoke the function
    /// choose where it connects to.
    /// </summary>
    internal static bool TryReadUrl(string url, out Origin origin, out string problem)
    {
        if (!Origin.TryParse(url, out origin, out problem))
        {
            return false;
        }

        problem = origin.Tls && origin.Port == 443 && IsS3(origin.Host) ? "" : $"'{origin.Host}' is no https URL of Amazon S3, to which alone it is answered";
        return problem.Length == 0;
    }

    /// <summary>[BUCKET.]s3[.dualstack][.REGION].DOMAIN and [BUCKET.]s3-REGION.DOMAIN.</summary>
    private static bool IsS3(string host)
    {
        if (Partition.DomainOf(host) is not { } domain)
        {
            return false;
        }

        var labels = host[..^(domain.Length + 1)].Split('.');
        var last = labels[^1];
        var rest = labels.Length - 1;
        if (last == "s3" || (last.StartsWith("s3-", StringComparison.Ordinal) && Partition.Of(last[3..]) is not null))
        {
            return true;
        }

        if (rest > 0 && Partition.Of(last) is not null)
        {
            return labels[rest - 1] == "s3" || (rest > 1 && labels[rest - 1] == "dualstack" && labels[rest - 2] == "s3");
        }

        return false;
    }

    private static byte[] Write(Item item, string reason, ActionContext context)
    {
        var isDelete = item.Event.Get("RequestType"u8).IsText("Delete"u8);
        var isGood = item.End.IsDone || (isDelete && item.End.Outcome == ItemOutcome.Unmatched);
        var why = isGood ? "" : item.End.Outcome == ItemOutcome.Unmatched ? "no route takes the request" : reason;
        var data = item.End.Answer is { } given ? Content.Parse(Encoding.UTF8.GetBytes(given)) : default;
        var body = Write(item, isGood, why, data, context);
        // A response that is too long is refused, and the stack waits for it.
        return body.Length <= LongestResponse ? body : Write(item, isSuccess: false, "the response's Data is longer than CloudFormation takes, 4,096 bytes with all the rest", default, context);
    }

    private static byte[] Write(Item item, bool isSuccess, string reason, JsonElement data, ActionContext context)
    {
        var request = item.Event;
        var text = new ByteBuffer(1024);
        var json = new JsonBuilder(text).BeginObject().Member("Status", isSuccess ? "SUCCESS" : "FAILED");
        if (!isSuccess)
        {
            json.Member("Reason", $"{CallbackSender.AtMost(reason, LongestReason)} (request {context.Invocation.RequestId})");
        }

        // What Create was answered with comes with every later request, and must not change: another id would have CloudFormation delete the resource.
        json.Member("PhysicalResourceId", request.Text("PhysicalResourceId"u8) ?? $"{request.Text("LogicalResourceId"u8)}-{request.Text("RequestId"u8)}")
            .Member("StackId", request.Text("StackId"u8)!).Member("RequestId", request.Text("RequestId"u8)!).Member("LogicalResourceId", request.Text("LogicalResourceId"u8)!);
        if (isSuccess && data.ValueKind == JsonValueKind.Object)
        {
            json.Name("Data").Raw(data.GetRawText());
        }

        json.EndObject();
        return [.. text.Span];
    }
}
