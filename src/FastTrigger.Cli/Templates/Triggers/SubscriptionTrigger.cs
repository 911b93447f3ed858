using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates.Triggers;

/// <summary>A subscription to the topic or log group that a parameter names. SAM adds the permission to invoke the function.</summary>
/// <param name="id">The logical id of the event source.</param>
/// <param name="eventSource">The event source of SAM in JSON.</param>
internal sealed class SubscriptionTrigger(string id, string parameter, string description, string eventSource) : SourceTrigger
{
    public override TriggerKind Kind => TriggerKind.Subscription;

    public override void Add(string source, IReadOnlyList<TemplateRoute> routes, TemplateParts parts)
    {
        parts.AddParameter(parameter, description);
        parts.Events[id] = Parse(eventSource);
    }
}
