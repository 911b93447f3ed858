using FastTrigger.Actions;
using FastTrigger.Aws.CodePipeline;
using FastTrigger.Events;
using FastTrigger.Json;

namespace FastTrigger.Dispatch.Callbacks;

/// <summary>Ends a pipeline's job. One that no route takes has failed: a stage that does nothing has not succeeded.</summary>
internal sealed class CodePipelineCallback : CallbackSender
{
    /// <summary>An earlier delivery of the same job has ended it.</summary>
    private const string AlreadyEnded = "InvalidJobStateException";

    public override CallbackKind Kind => CallbackKind.CodePipeline;

    public override IReadOnlyList<ActionCall> Calls { get; } =
    [
        new(CodePipelineClient.Operations.PutJobSuccessResult, "reports a job's success, with `from` codepipeline")
        {
            Statement = "EndJobs",
        },
        new(CodePipelineClient.Operations.PutJobFailureResult, "reports a job's failure, with `from` codepipeline")
        {
            Statement = "EndJobs",
        },
    ];

    public override string? Deliver(in CallbackNotice notice, ActionContext context)
    {
        var client = new CodePipelineClient(context.Aws, context.Settings.Region);
        var job = notice.Request.Text("id"u8)!;
        var problem = notice.Outcome == ItemOutcome.Unmatched ? "no route takes the job" : notice.Reason;
        var message = Truncate(problem, CodePipelineClient.LongestMessage);
        var failure = notice.IsDone
            ? client.PutJobSuccessResult(job, context.Deadline)
            : client.PutJobFailureResult(job, message, context.Invocation.RequestId, context.Deadline);
        var operation = notice.IsDone ? "PutJobSuccessResult" : "PutJobFailureResult";
        return failure is null || failure.Code == AlreadyEnded ? null : $"{operation}: {failure.Reason}";
    }
}
