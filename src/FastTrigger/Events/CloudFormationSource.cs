using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>A request of a custom resource (docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html).</summary>
internal sealed class CloudFormationSource : EventSource
{
    public override string Name => "cloudformation";

    public override string IdText => "the request's id";

    public override IReadOnlyList<CallbackKind> Callbacks => [CallbackKind.CloudFormation];

    public override IReadOnlyList<EventSample> Samples =>
    [
        new("cloudformation", "A custom resource that is created, which waits for an answer to its ResponseURL"),
        new("cloudformation-delete", "A custom resource that is deleted"),
    ];

    public override string AnswerText => "a PUT to ResponseURL; an error when that failed";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTop
            || content.Text("RequestType"u8) is not ("Create" or "Update" or "Delete")
            || !content.Get("ResponseURL"u8).IsText()
            || !content.Get("StackId"u8).IsText()
            || !content.Get("LogicalResourceId"u8).IsText()
            || content.Text("RequestId"u8) is not { } id)
        {
            return false;
        }

        items.Add(new(outer, Name, ItemId.Lasting(id), content) { Callback = new(CallbackKind.CloudFormation, content) });
        return true;
    }
}
