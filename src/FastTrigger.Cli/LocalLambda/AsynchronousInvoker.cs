using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Cli.LocalLambda;

/// <summary>How an asynchronous invocation ended.</summary>
/// <param name="Outcomes">Each attempt.</param>
/// <param name="Record">What an on-failure destination gets; null when the last attempt went well.</param>
internal sealed record AsynchronousOutcome(string RequestId, IReadOnlyList<InvocationOutcome> Outcomes, JsonObject? Record);

/// <summary>
/// Lambda's asynchronous invocation (docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html): the same request id on every
/// attempt, two more after one and two minutes when the function fails, waits that double from a second to five minutes when it is throttled;
/// then the event is kept in the dead-letter queue and told to the on-failure destination.
/// </summary>
/// <param name="time">What is waited by: for tests and the tool a faster one.</param>
internal sealed class AsynchronousInvoker(LocalFunction function, LocalWorld world, TimeProvider time)
{
    private const int LongestMessage = 1024;

    private static readonly TimeSpan[] s_retries = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)];
    private static readonly TimeSpan s_longestThrottle = TimeSpan.FromMinutes(5), s_longestAge = TimeSpan.FromHours(6);

    /// <summary>The name of the dead-letter queue; null for none.</summary>
    public string? DeadLetterQueue { get; init; }

    /// <summary>The name of the queue that is the on-failure destination; null for none.</summary>
    public string? OnFailure { get; init; }

    public async Task<AsynchronousOutcome> InvokeAsync(byte[] payload, string? requestId = null)
    {
        requestId ??= Guid.NewGuid().ToString();
        var began = time.GetUtcNow();
        var outcomes = new List<InvocationOutcome>();
        var throttle = TimeSpan.FromSeconds(1);
        for (var retries = 0; ;)
        {
            var outcome = await function.InvokeAsync(payload, requestId);
            outcomes.Add(outcome);
            if (!outcome.IsError)
            {
                return new(requestId, outcomes, null);
            }

            var tooOld = time.GetUtcNow() - began > s_longestAge;
            if (tooOld || (!outcome.IsThrottled && retries == s_retries.Length))
            {
                var record = Record(payload, requestId, outcome, outcomes.Count, tooOld);
                Keep(payload, requestId, record);
                return new(requestId, outcomes, record);
            }

            if (outcome.IsThrottled)
            {
                await Task.Delay(throttle, time);
                throttle = throttle * 2 < s_longestThrottle ? throttle * 2 : s_longestThrottle;
            }
            else
            {
                await Task.Delay(s_retries[retries++], time);
            }
        }
    }

    private JsonObject Record(byte[] payload, string requestId, InvocationOutcome outcome, int attempts, bool tooOld) => new()
    {
        ["version"] = "1.0",
        ["timestamp"] = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["requestContext"] = new JsonObject
        {
            ["requestId"] = requestId,
            ["functionArn"] = function.Settings.Arn + ":$LATEST",
            ["condition"] = tooOld ? "EventAgeExceeded" : "RetriesExhausted",
            ["approximateInvokeCount"] = attempts,
        },
        ["requestPayload"] = JsonNode.Parse(payload, documentOptions: new() { MaxDepth = 1_000 }),
        ["responseContext"] = new JsonObject { ["statusCode"] = 200, ["executedVersion"] = "$LATEST", ["functionError"] = "Unhandled" },
        ["responsePayload"] = outcome.Payload.Length == 0 ? null : JsonNode.Parse(outcome.Payload),
    };

    private void Keep(byte[] payload, string requestId, JsonObject record)
    {
        if (DeadLetterQueue is { } letters)
        {
            var message = record["responsePayload"]?["errorMessage"]?.ToString() ?? "";
            world.Enqueue(letters, Encoding.UTF8.GetString(payload), new()
            {
                ["RequestID"] = new JsonObject { ["DataType"] = "String", ["StringValue"] = requestId },
                ["ErrorCode"] = new JsonObject { ["DataType"] = "Number", ["StringValue"] = "200" },
                ["ErrorMessage"] = new JsonObject { ["DataType"] = "String", ["StringValue"] = message.Length <= LongestMessage ? message : message[..LongestMessage] },
            });
        }

        if (OnFailure is { } destination)
        {
            world.Enqueue(destination, record.ToJsonString(), []);
        }
    }
}
