using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// A job of a pipeline's Lambda action (docs.aws.amazon.com/codepipeline/latest/userguide/actions-invoke-lambda-function.html), which is acted on once by its id. Patterns see the
/// job itself, because the name of the member that it comes in has a dot, which is a path in a pattern; and the user parameters as JSON when they are a JSON object.
/// </summary>
internal sealed class CodePipelineSource : EventSource
{
    public override string Name => "codepipeline";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        var job = content.Get("CodePipeline.job"u8);
        return outer.IsTop && job.Text("id"u8) is { } id && job.Get("data"u8).ValueKind == JsonValueKind.Object
            && outer.Add(new(Name, id, Content.Opened(job, "data", "actionConfiguration", "configuration", "UserParameters")) { Callback = Callback.CodePipeline }, items);
    }
}
