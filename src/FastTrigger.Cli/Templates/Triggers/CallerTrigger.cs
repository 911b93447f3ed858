namespace FastTrigger.Cli.Templates.Triggers;

/// <summary>Nothing but a note: the caller invokes the function by a role of its own.</summary>
/// <param name="setup">The step that remains to the user.</param>
internal sealed class CallerTrigger(string setup) : SourceTrigger
{
    public override TriggerKind Kind => TriggerKind.CallerRole;

    public override void Add(string source, IReadOnlyList<TemplateRoute> routes, TemplateParts parts) =>
        parts.AddNote($"{source}: {setup}. The function is the output FunctionAliasArn");
}
