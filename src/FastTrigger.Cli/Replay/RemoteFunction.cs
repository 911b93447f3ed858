using System.Text;
using System.Text.Json.Nodes;
using FastTrigger.Aws;
using FastTrigger.Cli.LocalLambda;
using FastTrigger.Core;

namespace FastTrigger.Cli.Replay;

/// <summary>A synchronously invoked function of AWS Lambda (docs.aws.amazon.com/lambda/latest/api/API_Invoke.html).</summary>
internal sealed class RemoteFunction(AwsClient client, string region, string name)
{
    private const int MaxInvocationMs = 15 * 60_000;

    /// <summary>
    /// When the response is lost, nobody knows whether it ran: the message stays in the queue, and the act-once table decides.
    /// </summary>
    private static readonly AwsOperation s_invoke = new("lambda", "Invoke", WholeAnswer.Any, Changes: true, Idempotent: false);

    public InvocationOutcome Invoke(byte[] payload, string requestId, Clock clock)
    {
        client.Body.Clear().Append(payload);
        var path = $"/2015-03-31/functions/{Uri.EscapeDataString(name)}/invocations";
        // A lost answer leaves the result unknown. The message then stays in the queue, and act-once guards the next delivery.
        var request = new AwsRequest(s_invoke, region, AwsProtocol.RestJson, path, client.Body)
        {
            FirstByteMs = MaxInvocationMs,
        };
        if (client.Call(request, Deadline.In(clock, MaxInvocationMs)) is { } failure)
        {
            return Failed(requestId, failure);
        }

        var answer = client.Answer.ToArray();
        var errorType = client.Response!.Header("x-amz-function-error"u8) is { } error
            ? JsonNode.Parse(answer)?["errorType"]?.ToString() ?? error
            : null;
        return new(requestId, answer, errorType, TimeSpan.Zero);
    }

    private static InvocationOutcome Failed(string requestId, AwsFailure failure)
    {
        var answer = new JsonObject { ["errorType"] = failure.Code, ["errorMessage"] = $"Invoke: {failure.Reason}" };
        var errorType = failure.Code.Length > 0 ? failure.Code : "NoAnswer";
        return new(requestId, Encoding.UTF8.GetBytes(answer.ToJsonString()), errorType, TimeSpan.Zero);
    }
}
