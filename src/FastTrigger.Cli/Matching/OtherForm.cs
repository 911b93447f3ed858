using System.Text.Json;
using FastTrigger.Events;
using FastTrigger.Json;

namespace FastTrigger.Cli.Matching;

/// <summary>An event in a form that a function never gets: what the AWS CLI sends, or what it prints.</summary>
internal static class OtherForm
{
    /// <summary>What the item is, and what to give instead; null when it is none of these.</summary>
    public static string? Hint(Item item) => item.Source != DirectSource.Direct ? null
        : IsText(item.Event.Get("Source"u8)) && IsText(item.Event.Get("Detail"u8))
            ? "it is an entry of PutEvents; EventBridge sends \"source\", \"detail-type\" and \"detail\", "
                + "where detail is the object that the text of Detail holds"
        : item.Event.Get("Messages"u8) is { ValueKind: JsonValueKind.Array } messages
            && messages.EnumerateArray().Any(static message => IsText(message.Get("Body"u8)))
            ? "it is the output of aws sqs receive-message: give the text of a Body, "
                + "or a batch as fasttrigger events sqs prints it, with that text in its body"
        : null;

    /// <summary>An empty text is one, too.</summary>
    private static bool IsText(JsonElement json) => json.ValueKind == JsonValueKind.String;
}
