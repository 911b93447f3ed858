using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>An action of a detector of AWS IoT Events (docs.aws.amazon.com/lambda/latest/dg/services-iotevents.html), acted on once by its actionExecutionId.</summary>
internal sealed class IotEventsSource : EventSource
{
    public override string Name => "iotevents";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        var payload = content.Get("event"u8, "payload"u8);
        return outer.IsTrusted && payload.Get("detector"u8, "detectorModelName"u8).IsText() && payload.Text("actionExecutionId"u8) is { } id && outer.Add(new(Name, id, content), items);
    }
}
