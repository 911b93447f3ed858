using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>An action of a detector of AWS IoT Events (docs.aws.amazon.com/lambda/latest/dg/services-iotevents.html).</summary>
internal sealed class IotEventsSource : EventSource
{
    public override string Name => "iotevents";

    public override string IdText => "the actionExecutionId";

    public override IReadOnlyList<EventSample> Samples => [new("iotevents", "An action of a detector of AWS IoT Events")];

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        var payload = content.Get("event"u8, "payload"u8);
        if (!outer.IsTrusted
            || !payload.Get("detector"u8, "detectorModelName"u8).IsText()
            || payload.Text("actionExecutionId"u8) is not { } id)
        {
            return false;
        }

        items.Add(new(outer, Name, ItemId.Lasting(id), content));
        return true;
    }
}
