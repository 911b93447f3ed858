namespace FastTrigger.Actions;

/// <summary>One entry of a route's `do`: read once, carried out for each item.</summary>
internal abstract class RouteAction
{
    /// <summary>As it is written in routes.json.</summary>
    public abstract string Name { get; }

    /// <summary>The services that <see cref="Run"/> calls, with the region where it is known before any event; null for the function's own.</summary>
    public virtual (string Service, string? Region)[] Endpoints => [];

    /// <summary>Whether <see cref="Run"/> opens TLS to others than AWS.</summary>
    public virtual bool NeedsSystemTrust => false;

    /// <summary>Whether it acts once by an entry in the act-once table.</summary>
    public virtual bool NeedsOnceTable => false;

    /// <summary>Whether it needs an instance that the event itself may have started (C5.6).</summary>
    public virtual bool NeedsNewInstance => false;

    /// <summary>What AWS could answer to any call of <see cref="Run"/>: with it the action can be rehearsed. Null for one that must not be.</summary>
    public virtual byte[]? RehearsedAnswer => null;

    /// <summary>Whether <see cref="Prepare"/> is worth asking.</summary>
    public virtual bool CanShare => false;

    /// <summary>
    /// What it would do for one item of a batch, when several items may be served by one call; null when it does each for itself. What is wrong with an item is left to
    /// <see cref="Run"/>.
    /// </summary>
    public virtual ShareableCall? Prepare(ActionContext context) => null;

    /// <summary>Does the work. What goes wrong is a result; an exception is a bug.</summary>
    public abstract ActionResult Run(ActionContext context);
}
