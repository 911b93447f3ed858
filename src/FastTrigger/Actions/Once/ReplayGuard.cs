using System.Text.Json;
using FastTrigger.Aws;
using FastTrigger.Aws.DynamoDb;
using FastTrigger.Json;

namespace FastTrigger.Actions.Once;

/// <summary>Whether something was here before.</summary>
internal enum Seen
{
    Never,

    /// <summary>The same.</summary>
    Before,

    /// <summary>Something else with the same key.</summary>
    Other,

    /// <summary>The table cannot be asked.</summary>
    Unknown,
}

/// <summary>
/// Notes in the act-once table that a key was here, for as long as it could be delivered again, and what it stood for: `validation`, as the
/// Powertools for AWS Lambda name it.
/// </summary>
internal static class ReplayGuard
{
    private const string Purpose = "refuses a replay, and another request with the same key, by the act-once table, with `auth`";

    /// <summary>The calls of AWS that <see cref="Look"/> makes.</summary>
    public static IReadOnlyList<ActionCall> Calls { get; } =
        [new ReplayCall(DynamoDbClient.Operations.PutItem), new ReplayCall(DynamoDbClient.Operations.GetItem)];

    /// <param name="fingerprint">What tells one thing from another with the same key.</param>
    /// <param name="refused">The outcome when the table cannot be asked.</param>
    public static Seen Look(ActionContext context, string key, int keptSeconds, string fingerprint, out ActionResult refused)
    {
        refused = default;
        var table = new DynamoDbClient(context.Aws, context.Settings.Region);
        var holder = OnceSetting.NewId();
        var now = context.Settings.Clock.UnixMs / 1000;
        if (!context.DryRun)
        {
            AttributeValue[] entry =
            [
                new("id", "S", key),
                new("status", "S", OnceEntry.Completed),
                new("expiration", "N", OnceEntry.Text(now + keptSeconds)),
                new("holder", "S", holder),
                new("validation", "S", fingerprint),
            ];
            var isFree = new Condition("attribute_not_exists(id) OR expiration < :now", [], [new(":now", "N", OnceEntry.Text(now))]);
            var failure = table.PutItem(
                writer => DynamoDbClient.WritePut(writer, context.Settings.OnceTable!, entry, isFree),
                context.Deadline);
            if (failure is null)
            {
                return Seen.Never;
            }

            if (failure.Code != DynamoDbClient.ConditionFailed)
            {
                refused = failure.Result("the act-once table: PutItem");
                return Seen.Unknown;
            }
        }

        if (table.GetItem(context.Settings.OnceTable!, key, context.Deadline, out var item) is { } unseen)
        {
            refused = unseen.Result("the act-once table: GetItem");
            return Seen.Unknown;
        }

        if (item.IsMissing() && !context.DryRun)
        {
            // The table has just refused the write because of this entry.
            refused = ActionResult.Retry("the act-once table: GetItem does not show the entry that PutItem found");
            return Seen.Unknown;
        }

        return Compare(item, holder, fingerprint);
    }

    /// <summary>An entry of one's own is there when the answer to the write was lost, and the write was not.</summary>
    private static Seen Compare(JsonElement item, string holder, string fingerprint) =>
        item.IsMissing() || DynamoDbClient.Text(item, "holder"u8) == holder ? Seen.Never
        : DynamoDbClient.Text(item, "validation"u8) is not { } known || known == fingerprint ? Seen.Before
        : Seen.Other;

    private sealed class ReplayCall(AwsOperation operation) : ActionCall(operation, ReplayGuard.Purpose)
    {
        public override IReadOnlyList<CallPermission> Permissions => [new("RefuseReplays", Purpose, [new(ResourceForm.OnceTable)])];
    }
}
