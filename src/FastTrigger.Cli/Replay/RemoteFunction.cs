using System.Text;
using System.Text.Json.Nodes;
using FastTrigger.Aws;
using FastTrigger.Cli.LocalLambda;
using FastTrigger.Core;

namespace FastTrigger.Cli.Replay;

/// <summary>A function of AWS Lambda, invoked and waited for (docs.aws.amazon.com/lambda/latest/api/API_Invoke.html).</summary>
internal sealed class RemoteFunction(AwsClient client, string region, string name)
{
    private const int LongestMs = 15 * 60_000;

    public InvocationOutcome Invoke(byte[] payload, string requestId, Clock clock)
    {
        client.Body.Clear().Append(payload);
        var path = $"/2015-03-31/functions/{Uri.EscapeDataString(name)}/invocations";
        // Whether it was done is not known when the answer is lost: the message stays where it is, and act-once takes care of the next time.
        var failure = client.Call(new("lambda", region, AwsProtocol.RestJson, path, client.Body, Idempotent: false) { FirstByteMs = LongestMs }, Deadline.In(clock, LongestMs));
        if (failure is not null)
        {
            return new(requestId, Encoding.UTF8.GetBytes(new JsonObject { ["errorType"] = failure.Code, ["errorMessage"] = $"Invoke: {failure.Reason}" }.ToJsonString()), failure.Code.Length > 0 ? failure.Code : "NoAnswer", TimeSpan.Zero);
        }

        var answer = client.Answer.ToArray();
        return new(requestId, answer, client.Response!.Header("x-amz-function-error"u8) is { } error ? (JsonNode.Parse(answer)?["errorType"]?.ToString() ?? error) : null, TimeSpan.Zero);
    }
}
