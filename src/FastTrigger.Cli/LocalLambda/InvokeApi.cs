using System.Text;
using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using Microsoft.AspNetCore.Http;

namespace FastTrigger.Cli.LocalLambda;

/// <summary>
/// Lambda's Invoke API (docs.aws.amazon.com/lambda/latest/api/API_Invoke.html) for AWS's own clients: RequestResponse, Event with Lambda's
/// retries, DryRun, and the log tail.
/// </summary>
internal sealed class InvokeApi(LocalFunction function, LocalWorld world, AsynchronousInvoker asynchronous)
{
    private const int MaxSynchronousBytes = 6 * 1024 * 1024, MaxAsynchronousBytes = 1024 * 1024;
    private const int LogTailBytes = 4 * 1024, MaxLogWaitMs = 1_000, LogPollMs = 10, MaxClientContextLength = 3_583;

    public async Task HandleAsync(HttpContext context, byte[] payload)
    {
        try
        {
            await InvokeAsync(context, payload);
        }
        catch (AwsError error)
        {
            context.Response.StatusCode = error.Status;
            context.Response.Headers["x-amzn-ErrorType"] = error.Code;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(new JsonObject { ["Type"] = "User", ["Message"] = error.Message }.ToJsonString());
        }
    }

    private async Task InvokeAsync(HttpContext context, byte[] payload)
    {
        var (service, _) = SignatureCheck.Verify(context.Request, payload, world);
        var parts = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (service != "lambda" || context.Request.Method != "POST" || parts is not [_, "functions", _, "invocations"])
        {
            throw new AwsError(
                404,
                "ResourceNotFoundException",
                $"The local Lambda does not support {context.Request.Method} {context.Request.Path}; it serves Invoke");
        }

        var qualifier = context.Request.Query["Qualifier"].ToString();
        var name = Uri.UnescapeDataString(parts[2]);
        var arn = FunctionName.Resolve(name, qualifier.Length == 0 ? null : qualifier, function.Settings);
        var clientContext = ReadClientContext(context.Request);
        // Without a payload, the event is an empty object.
        payload = payload.Length == 0 ? "{}"u8.ToArray() : payload;
        switch (context.Request.Headers["X-Amz-Invocation-Type"].ToString())
        {
            case "DryRun":
                context.Response.StatusCode = 204;
                return;
            case "Event":
                Check(payload, MaxAsynchronousBytes);
                _ = Task.Run(() => asynchronous.InvokeAsync(payload));
                context.Response.StatusCode = 202;
                return;
            case "" or "RequestResponse":
                Check(payload, MaxSynchronousBytes);
                await AnswerAsync(context, payload, arn, clientContext);
                return;
            case var other:
                throw new AwsError(
                    400,
                    "InvalidParameterValueException",
                    $"InvocationType '{other}' is not Event, RequestResponse or DryRun");
        }
    }

    private static void Check(byte[] payload, int max)
    {
        if (payload.Length > max)
        {
            throw new AwsError(
                413,
                "RequestTooLargeException",
                $"{payload.Length} byte payload is too large for the invocation type (limit {max} bytes)");
        }

        try
        {
            _ = JsonNode.Parse(payload, documentOptions: new() { MaxDepth = 1_000 });
        }
        catch (System.Text.Json.JsonException)
        {
            throw new AwsError(400, "InvalidRequestContentException", "Could not parse request body into json");
        }
    }

    private async Task AnswerAsync(HttpContext context, byte[] payload, string arn, string? clientContext)
    {
        var before = function.Logs.Count;
        var outcome = await function.InvokeAsync(payload, clientContext: clientContext, invokedArn: arn);
        if (outcome.IsThrottled)
        {
            throw new AwsError(429, InvocationOutcome.Throttled, "Rate Exceeded.");
        }

        var headers = context.Response.Headers;
        headers["X-Amz-Executed-Version"] = "$LATEST";
        headers["x-amzn-RequestId"] = outcome.RequestId;
        if (outcome.IsError)
        {
            headers["X-Amz-Function-Error"] = "Unhandled";
        }

        if (context.Request.Headers["X-Amz-Log-Type"] == "Tail")
        {
            // The function's log is in the pipe when it asks for the next event, but it may not be read yet.
            var known = before;
            for (var waited = 0; (known == before || known != function.Logs.Count) && waited < MaxLogWaitMs; waited += LogPollMs)
            {
                known = function.Logs.Count;
                await Task.Delay(LogPollMs);
            }

            var log = Encoding.UTF8.GetBytes(string.Join('\n', function.Logs.Skip(before)));
            headers["X-Amz-Log-Result"] = Convert.ToBase64String(log[Math.Max(0, log.Length - LogTailBytes)..]);
        }

        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(outcome.Payload);
    }

    /// <exception cref="AwsError">The header is no JSON object in base64, or too long.</exception>
    private static string? ReadClientContext(HttpRequest request)
    {
        var base64 = request.Headers["X-Amz-Client-Context"].ToString();
        if (base64.Length == 0)
        {
            return null;
        }

        try
        {
            var bytes = Convert.FromBase64String(base64);
            if (base64.Length <= MaxClientContextLength && JsonNode.Parse(bytes) is JsonObject)
            {
                return Encoding.UTF8.GetString(bytes);
            }
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException)
        {
            // The error below says what is expected.
        }

        throw new AwsError(
            400,
            "InvalidRequestContentException",
            $"Client context must be a valid Base64-encoded JSON object of at most {MaxClientContextLength} characters.");
    }
}
