using FastTrigger.Aws;

namespace FastTrigger.Actions;

/// <summary>
/// A call of AWS, stated once by what makes it. The connections that INIT opens, the IAM policy, the VPC endpoints, the dry run and
/// docs/actions.md derive from it.
/// </summary>
/// <param name="purpose">What the call is for, and when it is made: a clause that people read.</param>
internal class ActionCall(AwsOperation operation, string purpose)
{
    public AwsOperation Operation => operation;

    public string Purpose => purpose;

    /// <summary>The region where it is known before any event; null for the function's own.</summary>
    public string? Region { get; private set; }

    /// <summary>Whether an event may move the call to another region of `allow.regions`, when it has none of its own.</summary>
    public bool FollowsEvent { get; init; }

    /// <summary>The name of the statement in the IAM policy; null for the operation's.</summary>
    public string? Statement { get; init; }

    /// <summary>The API calls of EC2 after whose events alone the call is made; empty for any event.</summary>
    public IReadOnlyList<string> AfterEvents { get; init; } = [];

    /// <summary>
    /// The permissions that the call needs. Only the tool asks for them, and a virtual member that is never called is not in the native
    /// binary.
    /// </summary>
    public virtual IReadOnlyList<CallPermission> Permissions => [new(Statement ?? Operation.Name, Purpose, [CallResource.Any])];

    /// <summary>The same call in a region.</summary>
    public ActionCall In(string region)
    {
        var call = (ActionCall)MemberwiseClone();
        call.Region = region;
        return call;
    }

    public static bool Contains(IReadOnlyList<ActionCall> calls, AwsOperation operation)
    {
        foreach (var call in calls)
        {
            if (call.Operation == operation)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The operations of some calls.</summary>
    public static AwsOperation[] OperationsOf(IReadOnlyList<ActionCall> calls)
    {
        var operations = new AwsOperation[calls.Count];
        for (var i = 0; i < operations.Length; i++)
        {
            operations[i] = calls[i].Operation;
        }

        return operations;
    }
}
