using FastTrigger.Aws.DynamoDb;

namespace FastTrigger.Actions.Once;

/// <summary>Notes in the act-once table that something was here, for as long as it could come again: a second one is a replay.</summary>
internal static class SeenBefore
{
    /// <summary>True when it was here before.</summary>
    /// <param name="refused">How it ends when the table cannot be asked; no text when it can.</param>
    public static bool Note(ActionContext context, string key, int keptSeconds, out ActionResult refused)
    {
        refused = default;
        var table = new DynamoDbClient(context.Aws, context.Settings.Region);
        var holder = OnceSetting.NewId();
        var now = context.Settings.Clock.UnixMs / 1000;
        AttributeValue[] entry =
        [
            new("id", "S", key),
            new("status", "S", OnceEntry.Completed),
            new("expiration", "N", OnceEntry.Text(now + keptSeconds)),
            new("holder", "S", holder),
        ];
        var failure = table.PutItem(context.Settings.OnceTable!, entry, new("attribute_not_exists(id) OR expiration < :now", [], [new(":now", "N", OnceEntry.Text(now))]), context.Deadline);
        if (failure is null)
        {
            return false;
        }

        if (failure.Code != DynamoDbClient.ConditionFailed)
        {
            refused = failure.Result("the act-once table: PutItem");
            return false;
        }

        // The answer to our own write may have been lost, and the write not.
        if (table.GetItem(context.Settings.OnceTable!, key, context.Deadline, out var item) is { } unseen)
        {
            refused = unseen.Result("the act-once table: GetItem");
            return false;
        }

        return DynamoDbClient.Text(item, "holder"u8) != holder;
    }
}
