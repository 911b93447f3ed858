using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Cli.LocalLambda;

/// <summary>The outcome of an asynchronous invocation.</summary>
/// <param name="Outcomes">The outcome of each attempt.</param>
/// <param name="Record">The record for the on-failure destination; null when the last attempt succeeded.</param>
/// <param name="RetryDelay">The time between attempts that failed and the next ones.</param>
internal sealed record AsynchronousOutcome(
    string RequestId,
    IReadOnlyList<InvocationOutcome> Outcomes,
    JsonObject? Record,
    TimeSpan RetryDelay);

/// <summary>
/// Lambda's asynchronous invocation (docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html). All attempts have the same
/// request id. A failed event is retried after one and two minutes. A throttled event is retried after delays that double from one second
/// to five minutes, less up to half of each: events that were throttled together do not all come back together, and Lambda's page does not
/// say how it spreads them. Then the event goes to the dead-letter queue, and its record to the on-failure destination.
/// </summary>
/// <param name="time">The clock of the delays. Tests and the tool use a faster one.</param>
internal sealed class AsynchronousInvoker(LocalFunction function, LocalWorld world, TimeProvider time)
{
    private const int MaxMessageLength = 1024;

    private static readonly TimeSpan[] s_retryDelays = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)];
    private static readonly TimeSpan s_maxThrottleDelay = TimeSpan.FromMinutes(5), s_maxAge = TimeSpan.FromHours(6);

    /// <summary>The name of the dead-letter queue; null for none.</summary>
    public string? DeadLetterQueue { get; init; }

    /// <summary>The name of the queue that is the on-failure destination; null for none.</summary>
    public string? OnFailure { get; init; }

    public async Task<AsynchronousOutcome> InvokeAsync(byte[] payload, string? requestId = null)
    {
        requestId ??= Guid.NewGuid().ToString();
        var started = time.GetUtcNow();
        var outcomes = new List<InvocationOutcome>();
        var retryDelay = TimeSpan.Zero;
        var throttleDelay = TimeSpan.FromSeconds(1);
        for (var retries = 0; ;)
        {
            var outcome = await function.InvokeAsync(payload, requestId);
            outcomes.Add(outcome);
            if (!outcome.IsError)
            {
                return new(requestId, outcomes, null, retryDelay);
            }

            var tooOld = time.GetUtcNow() - started > s_maxAge;
            if (tooOld || (!outcome.IsThrottled && retries == s_retryDelays.Length))
            {
                var record = CreateRecord(payload, requestId, outcome, outcomes.Count, tooOld);
                Enqueue(payload, requestId, record);
                return new(requestId, outcomes, record, retryDelay);
            }

            if (outcome.IsThrottled)
            {
                await Task.Delay(throttleDelay * (1 - (Random.Shared.NextDouble() / 2)), time);
                throttleDelay = throttleDelay * 2 < s_maxThrottleDelay ? throttleDelay * 2 : s_maxThrottleDelay;
            }
            else
            {
                var failed = time.GetTimestamp();
                await Task.Delay(s_retryDelays[retries++], time);
                retryDelay += time.GetElapsedTime(failed);
            }
        }
    }

    private JsonObject CreateRecord(byte[] payload, string requestId, InvocationOutcome outcome, int attempts, bool tooOld) => new()
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

    /// <summary>Puts the event into the dead-letter queue, and the record into the queue of the on-failure destination.</summary>
    private void Enqueue(byte[] payload, string requestId, JsonObject record)
    {
        if (DeadLetterQueue is { } letters)
        {
            var message = record["responsePayload"]?["errorMessage"]?.ToString() ?? "";
            world.Enqueue(letters, Encoding.UTF8.GetString(payload), new()
            {
                ["RequestID"] = Attribute("String", requestId),
                ["ErrorCode"] = Attribute("Number", "200"),
                ["ErrorMessage"] = Attribute("String", message.Length <= MaxMessageLength ? message : message[..MaxMessageLength]),
            });
        }

        if (OnFailure is { } destination)
        {
            world.Enqueue(destination, record.ToJsonString(), []);
        }
    }

    private static JsonObject Attribute(string type, string value) => new() { ["DataType"] = type, ["StringValue"] = value };
}
