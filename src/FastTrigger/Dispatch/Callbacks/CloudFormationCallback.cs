using System.Text;
using System.Text.Json;
using FastTrigger.Actions;
using FastTrigger.Aws;
using FastTrigger.Core;
using FastTrigger.Events;
using FastTrigger.Http;
using FastTrigger.Json;

namespace FastTrigger.Dispatch.Callbacks;

/// <summary>
/// Answers a custom resource (docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html), or its stack waits for an
/// hour. A Delete that no route takes has succeeded, so that a stack can always be taken down; a Create or Update that none takes has
/// failed. A Delete of what a failed Create was answered for succeeds whatever its actions do: there may be nothing to delete, and the
/// stack must come back.
/// </summary>
internal sealed class CloudFormationCallback : CallbackSender
{
    private const int MaxResponse = 4_096, MaxReason = 1_000, FirstPauseMs = 200, MaxPauseMs = 2_000;

    /// <summary>How the PhysicalResourceId of a failed Create starts.</summary>
    private const string NotCreated = "FastTrigger::CREATE_FAILED::";

    private static readonly HttpLimits s_limits = new(16 * 1024, 64 * 1024);

    public override CallbackKind Kind => CallbackKind.CloudFormation;

    /// <summary>Whether it is the Delete of a resource whose Create failed.</summary>
    public static bool IsRollback(Callback callback) => callback.Kind == CallbackKind.CloudFormation && IsRollback(callback.Request);

    public override string? Deliver(in CallbackNotice notice, ActionContext context)
    {
        if (!TryReadUrl(notice.Request.Text("ResponseURL"u8)!, out var origin, out var problem))
        {
            return $"ResponseURL: {problem}";
        }

        var where = origin;
        // In the place of S3, as the SDKs take it.
        var configured = context.Settings.Variable("AWS_ENDPOINT_URL_S3") ?? context.Settings.Variable("AWS_ENDPOINT_URL");
        if (configured is not null && !Origin.TryParse(configured, out where, out problem))
        {
            return $"AWS_ENDPOINT_URL: {problem}";
        }

        var request = HttpRequest.Write(new(), "PUT", origin, [("Content-Type", "")], Write(notice, context));
        for (var pause = FirstPauseMs; ; pause = Math.Min(pause * 2, MaxPauseMs))
        {
            if (Put(where, origin, request, context, out var isFinal) is not { } failure)
            {
                return null;
            }

            if (isFinal || context.Deadline.RemainingMs <= pause)
            {
                return failure;
            }

            Thread.Sleep(pause);
        }
    }

    /// <summary>Null when S3 has it.</summary>
    private static string? Put(Origin where, Origin origin, ByteBuffer request, ActionContext context, out bool isFinal)
    {
        isFinal = false;
        using var connection = context.Aws.Connections.Take(where, context.Settings.Region, true, context.Deadline, out var broken);
        if (connection is null)
        {
            return $"{origin.Host}: {broken.Detail}";
        }

        var firstByte = context.Deadline.AtMost(context.Settings.Clock, HttpConnection.FirstByteMs);
        broken = connection.Send(request.Span, s_limits, firstByte, context.Deadline);
        if (!broken.IsNone)
        {
            return $"{origin.Host}: {broken.Detail}";
        }

        var (status, body) = (connection.Response.Status, connection.Response.Body);
        isFinal = status is >= 300 and < 500 and not 408 and not 429;
        // S3 answers a PUT with 200 and no document (docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html).
        return status == 200 && body.IsEmpty ? null : $"{origin.Host} answered {status}{(body.IsEmpty ? "" : " with a document")}";
    }

    /// <summary>
    /// CloudFormation signs URLs of its own buckets: only https to S3, by any of its host names, in AWS's partitions. Everything else would
    /// let whoever may invoke the function choose where it connects to.
    /// </summary>
    internal static bool TryReadUrl(string url, out Origin origin, out string problem)
    {
        if (!Origin.TryParse(url, out origin, out problem))
        {
            return false;
        }

        problem = origin.Tls && origin.Port == 443 && IsS3(origin.Host)
            ? ""
            : $"'{origin.Host}' is no https URL of Amazon S3, and only there an answer is sent";
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

    private static bool IsRollback(JsonElement request) => request.Get("RequestType"u8).IsText("Delete"u8)
        && request.Text("PhysicalResourceId"u8)?.StartsWith(NotCreated, StringComparison.Ordinal) == true;

    private static byte[] Write(in CallbackNotice notice, ActionContext context)
    {
        var isDelete = notice.Request.Get("RequestType"u8).IsText("Delete"u8);
        var isGood = notice.IsDone || (isDelete && notice.Outcome == ItemOutcome.Unmatched) || IsRollback(notice.Request);
        var why = isGood ? "" : notice.Outcome == ItemOutcome.Unmatched ? "no route takes the request" : notice.Reason;
        var data = notice.Given is { } given ? Content.Parse(Encoding.UTF8.GetBytes(given)) : default;
        var body = Write(notice.Request, isGood, why, data, context);
        // A response that is too long is refused, and the stack waits for it.
        return body.Length <= MaxResponse
            ? body
            : Write(
                notice.Request,
                false,
                "the response's Data is longer than CloudFormation takes, 4,096 bytes with all the rest",
                default,
                context);
    }

    private static byte[] Write(JsonElement request, bool isSuccess, string reason, JsonElement data, ActionContext context)
    {
        var text = new ByteBuffer(1024);
        var json = new JsonBuilder(text).BeginObject().Member("Status", isSuccess ? "SUCCESS" : "FAILED");
        if (!isSuccess)
        {
            json.Member("Reason", $"{Truncate(reason, MaxReason)} (request {context.Invocation.RequestId})");
        }

        // What Create was answered with is in every later request, and must not change: another id would have CloudFormation delete the
        // resource.
        var created = $"{request.Text("LogicalResourceId"u8)}-{request.Text("RequestId"u8)}";
        var isCreate = request.Get("RequestType"u8).IsText("Create"u8);
        json.Member("PhysicalResourceId", request.Text("PhysicalResourceId"u8) ?? (isCreate && !isSuccess ? NotCreated + created : created))
            .Member("StackId", request.Text("StackId"u8)!)
            .Member("RequestId", request.Text("RequestId"u8)!)
            .Member("LogicalResourceId", request.Text("LogicalResourceId"u8)!);
        if (isSuccess && data.ValueKind == JsonValueKind.Object)
        {
            json.Name("Data").Raw(data);
        }

        json.EndObject();
        return [.. text.Span];
    }
}
