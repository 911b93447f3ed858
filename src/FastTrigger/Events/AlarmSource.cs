using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// A CloudWatch alarm that invokes the function itself (docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html), acted on once by the alarm's ARN and the
/// time at which its state changed.
/// </summary>
internal sealed class AlarmSource : EventSource
{
    public override string Name => "alarm";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items) =>
        outer.IsTrusted && content.Text("alarmArn"u8) is { } arn && content.Get("alarmData"u8, "alarmName"u8).IsText()
        && (content.Get("alarmData"u8, "state"u8).Text("timestamp"u8) ?? content.Text("time"u8)) is { } time
        && outer.Add(new(Name, $"{arn}@{time}", content) { HasEnvelope = true }, items);
}
