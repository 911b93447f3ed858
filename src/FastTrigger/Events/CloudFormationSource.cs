using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>A request of a custom resource (docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html), which is acted on once by its id.</summary>
internal sealed class CloudFormationSource : EventSource
{
    public override string Name => "cloudformation";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items) =>
        outer.IsTop && content.Text("RequestType"u8) is "Create" or "Update" or "Delete" && content.Get("ResponseURL"u8).IsText() && content.Get("StackId"u8).IsText()
        && content.Get("LogicalResourceId"u8).IsText() && content.Text("RequestId"u8) is { } id
        && outer.Add(new(Name, id, content) { Callback = Callback.CloudFormation }, items);
}
