using FastTrigger.Actions.Once;
using FastTrigger.Aws;
using FastTrigger.Aws.DynamoDb;

namespace FastTrigger.Actions;

/// <summary>One entry of a route's `do`: read once, carried out for each item.</summary>
internal abstract class RouteAction
{
    private IReadOnlyList<ActionCall>? _calls;
    private AwsOperation[]? _operations;

    /// <summary>The name in routes.json.</summary>
    public abstract string Name { get; }

    /// <summary>Every call of AWS that <see cref="Run"/> may make.</summary>
    public IReadOnlyList<ActionCall> Calls => _calls ??= ListCalls();

    /// <summary>The operations of <see cref="Calls"/>.</summary>
    public IReadOnlyList<AwsOperation> Operations => _operations ??= ActionCall.OperationsOf(Calls);

    /// <summary>Whether <see cref="Run"/> opens TLS to others than AWS.</summary>
    public virtual bool NeedsSystemTrust => false;

    /// <summary>How it acts once; null for an action that may be done twice.</summary>
    public virtual OnceSetting? Once => null;

    /// <summary>Whether it acts once by an entry in the act-once table.</summary>
    public bool NeedsOnceTable => Once is not null && ActionCall.Contains(Calls, DynamoDbClient.Operations.PutItem);

    /// <summary>Whether it needs an instance that the event itself may have started (C5.6).</summary>
    public virtual bool NeedsNewInstance => false;

    /// <summary>A response to any call of <see cref="Run"/>, for the rehearsal; null for an action that is not rehearsed.</summary>
    public virtual byte[]? RehearsedAnswer => null;

    /// <summary>Whether <see cref="Prepare"/> may return a call.</summary>
    public virtual bool CanBatch => false;

    /// <summary>
    /// Returns the call for one item of a batch, when one call may serve several items; null when each item has its own. A mistake in an
    /// item is left to <see cref="Run"/>.
    /// </summary>
    public virtual BatchableCall? Prepare(ActionContext context) => null;

    /// <summary>Carries out the action. A failure is a result; an exception is a bug.</summary>
    public abstract ActionResult Run(ActionContext context);

    /// <summary>The one statement of the calls; it is made once.</summary>
    protected virtual IReadOnlyList<ActionCall> ListCalls() => [];
}
