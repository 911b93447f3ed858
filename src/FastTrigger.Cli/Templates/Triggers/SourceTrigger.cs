namespace FastTrigger.Cli.Templates.Triggers;

/// <summary>What the template deploys for one event source.</summary>
internal abstract class SourceTrigger
{
    public abstract TriggerKind Kind { get; }

    /// <summary>Whether each route has a trigger of its own. Those triggers stand in the order of the routes.</summary>
    public bool IsPerRoute => Kind is TriggerKind.Rule or TriggerKind.Schedule;

    /// <summary>Whether the route needs this trigger.</summary>
    /// <param name="source">The name of the source.</param>
    public virtual bool IsNeededBy(TemplateRoute route, string source) => route.Takes(source);

    /// <summary>Adds the trigger, its permissions, and a note for what remains to the user.</summary>
    /// <param name="source">The name of the source.</param>
    /// <param name="routes">The routes that need the trigger; at least one.</param>
    public abstract void Add(string source, IReadOnlyList<TemplateRoute> routes, TemplateParts parts);
}
