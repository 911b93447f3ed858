using FastTrigger.Aws;
using FastTrigger.Aws.DynamoDb;

namespace FastTrigger.Actions.Once;

/// <summary>The calls of the act-once table (C4.3).</summary>
internal static class OnceTable
{
    /// <summary>The calls of an action that acts once for an event.</summary>
    public static IReadOnlyList<ActionCall> Calls { get; } =
    [
        new OnceCall(DynamoDbClient.Operations.PutItem),
        new OnceCall(DynamoDbClient.Operations.GetItem),
        new OnceCall(DynamoDbClient.Operations.DeleteItem),
    ];

    private sealed class OnceCall(AwsOperation operation)
        : ActionCall(operation, "keeps the entry of an event in the act-once table, when `once` is per event")
    {
        public override IReadOnlyList<CallPermission> Permissions => [new("ActOnce", Purpose, [new(ResourceForm.OnceTable)])];
    }
}
