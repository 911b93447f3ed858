using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// The attributes of a dead letter. Lambda's own say which request they are of, those of rules and schedules what went wrong
/// (docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html,
/// docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html). Lambda sends its own to a queue or to a topic.
/// </summary>
internal static class DeadLetter
{
    /// <summary>The request that it was first delivered with, or an empty text; null when the attributes are of no dead letter.</summary>
    /// <param name="attributes">Of a message or a notification.</param>
    /// <param name="value">The member in which an attribute has its text: stringValue of SQS, Value of SNS.</param>
    public static string? Read(JsonElement attributes, ReadOnlySpan<byte> value) =>
        attributes.Get("RequestID"u8).Text(value) ?? (attributes.Get("ERROR_CODE"u8).Text(value) is null ? null : "");
}
