using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// A CloudWatch alarm that invokes the function itself
/// (docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html).
/// </summary>
internal sealed class AlarmSource : EventSource
{
    public override string Name => "alarm";

    public override string IdText => "the alarm's ARN and the time when its state changed";

    public override IReadOnlyList<EventSample> Samples => [new("alarm", "A CloudWatch alarm that invokes the function")];

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        var data = content.Get("alarmData"u8);
        if (!outer.IsTrusted || content.Text("alarmArn"u8) is not { } arn || !data.Get("alarmName"u8).IsText()
            || (data.Get("state"u8).Text("timestamp"u8) ?? content.Text("time"u8)) is not { } time)
        {
            return false;
        }

        items.Add(new(outer, Name, ItemId.Lasting($"{arn}@{time}"), content) { HasEventBridgeFields = true });
        return true;
    }
}
