using System.Text.Json;
using FastTrigger.Events;

namespace FastTrigger.Cli.Matching;

/// <summary>An event in a form that a function never gets: what the AWS CLI sends, or what it prints.</summary>
internal static class OtherForm
{
    /// <summary>What the item is, and what to give instead; null when it is none of these.</summary>
    public static string? Hint(Item item) => item.Source != DirectSource.Direct ? null
        : Has(item.Event, "Source", JsonValueKind.String) && Has(item.Event, "Detail", JsonValueKind.String)
            ? "it is an entry of PutEvents; EventBridge sends \"source\", \"detail-type\" and \"detail\", "
                + "where detail is the object that the text of Detail holds"
        : Has(item.Event, "Messages", JsonValueKind.Array) && item.Event.GetProperty("Messages").EnumerateArray().Any(IsMessage)
            ? "it is the output of aws sqs receive-message: give the text of a Body, "
                + "or a batch as fasttrigger events sqs prints it, with that text in its body"
        : null;

    private static bool IsMessage(JsonElement json) => Has(json, "Body", JsonValueKind.String);

    private static bool Has(JsonElement json, string name, JsonValueKind kind) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == kind;
}
