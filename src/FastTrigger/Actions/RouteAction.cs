namespace FastTrigger.Actions;

/// <summary>One entry of a route's `do`: read once, carried out for each item.</summary>
internal abstract class RouteAction
{
    /// <summary>As it is written in routes.json.</summary>
    public abstract string Name { get; }

    /// <summary>Does the work. What goes wrong is a result; an exception is a bug.</summary>
    public abstract ActionResult Run(ActionContext context);
}
