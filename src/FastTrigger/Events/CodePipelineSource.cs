using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// A job of a pipeline's Lambda action (docs.aws.amazon.com/codepipeline/latest/userguide/actions-invoke-lambda-function.html). Patterns
/// see the job itself, because the name of the member that it comes in has a dot, which is a path in a pattern; and the user parameters as
/// JSON when they are a JSON object.
/// </summary>
internal sealed class CodePipelineSource : EventSource
{
    public override string Name => "codepipeline";

    public override string IdText => "the job's id";

    public override IReadOnlyList<CallbackKind> Callbacks => [CallbackKind.CodePipeline];

    public override IReadOnlyList<EventSample> Samples => [new("codepipeline", "A job of AWS CodePipeline")];

    public override string AnswerText => "PutJobSuccessResult or PutJobFailureResult; an error when that failed";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        var job = content.Get("CodePipeline.job"u8);
        if (!outer.IsTop || job.Text("id"u8) is not { } id || job.Get("data"u8).ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        var seen = Content.Opened(job, "data", "actionConfiguration", "configuration", "UserParameters");
        items.Add(new(outer, Name, ItemId.Lasting(id), seen) { Callback = new(CallbackKind.CodePipeline, job) });
        return true;
    }
}
