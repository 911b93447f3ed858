namespace FastTrigger.Cli.Templates.Triggers;

/// <summary>How a source invokes the function, and what the template deploys for that.</summary>
internal enum TriggerKind
{
    /// <summary>A rule of EventBridge for each route.</summary>
    Rule,

    /// <summary>A schedule of EventBridge Scheduler for each route.</summary>
    Schedule,

    /// <summary>An event source mapping, and the permissions that it needs.</summary>
    Mapping,

    /// <summary>A subscription of the function to a topic or a log group.</summary>
    Subscription,

    /// <summary>A Function URL or an HTTP API.</summary>
    Endpoint,

    /// <summary>A permission for a service whose own configuration names the function.</summary>
    Permission,

    /// <summary>Nothing, because a role of the caller allows the invocation. A note names the step that remains.</summary>
    CallerRole,
}
