using FastTrigger.Actions;
using FastTrigger.Aws.CodePipeline;
using FastTrigger.Events;
using FastTrigger.Json;

namespace FastTrigger.Routing.Callbacks;

/// <summary>Ends a pipeline's job. One that no route takes has failed: a stage that does nothing is none that went well.</summary>
internal static class CodePipelineCallback
{
    /// <summary>An earlier delivery of the same job has ended it.</summary>
    private const string AlreadyEnded = "InvalidJobStateException";

    public static string? Deliver(Item item, string reason, ActionContext context)
    {
        var client = new CodePipelineClient(context.Aws, context.Settings.Region);
        var job = item.Event.Text("id"u8)!;
        var problem = item.End.Outcome == ItemOutcome.Unmatched ? "no route takes the job" : reason;
        var failure = item.End.IsDone
            ? client.PutJobSuccessResult(job, context.Deadline)
            : client.PutJobFailureResult(job, CallbackSender.AtMost(problem, CodePipelineClient.LongestMessage), context.Invocation.RequestId, context.Deadline);
        return failure is null || failure.Code == AlreadyEnded ? null : $"{(item.End.IsDone ? "PutJobSuccessResult" : "PutJobFailureResult")}: {failure.Reason}";
    }
}
