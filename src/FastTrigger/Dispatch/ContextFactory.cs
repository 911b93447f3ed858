using FastTrigger.Actions;
using FastTrigger.Aws;
using FastTrigger.Core;
using FastTrigger.Routing;
using FastTrigger.Runtime;
using FastTrigger.Telemetry;

namespace FastTrigger.Dispatch;

/// <summary>Makes what an action, an authorization or a callback works with.</summary>
internal sealed class ContextFactory(
    RouteTable table, AwsClient aws, AwsShared shared, Log log, Action<Invocation, RuntimeError> abandon, string? placeholder)
{
    private const int MaxShownId = 200;

    public AwsShared Shared => shared;

    public RouteTable Table => table;

    public Log Log => log;

    /// <summary>Null where X-Ray has no daemon.</summary>
    public XRayTrace? Trace { get; } =
        shared.Settings.Variable("AWS_XRAY_DAEMON_ADDRESS") is { } daemon ? new(daemon, shared.Settings.Clock) : null;

    /// <summary>Null when no metrics are written.</summary>
    public InvocationMetrics? Metrics { get; } = shared.Settings.WritesMetrics ? new(shared.Settings.FunctionName) : null;

    /// <summary>Whether it is only said what would be done (C1.4).</summary>
    /// <param name="route">Null for what is done for the item and for no route.</param>
    public bool IsDryRun(Item item, Route? route) => route is { DryRun: true } || shared.Settings.DryRun || item.IsDryRun;

    /// <param name="route">Null for what is done for the item and for no route.</param>
    /// <param name="index">The action's place in the route's `do`.</param>
    /// <param name="operations">The operations of AWS that may be called.</param>
    public ActionContext For(
        DeliveryWork work, Item item, Route? route, int index, Deadline deadline, IReadOnlyList<AwsOperation> operations)
    {
        var isDryRun = IsDryRun(item, route);
        return new()
        {
            Item = item,
            RouteName = route?.Name ?? "",
            ActionIndex = index,
            Invocation = work.Invocation,
            Deadline = deadline,
            Shared = shared,
            Aws = new(aws, operations, isDryRun),
            Allow = table.Allow,
            Log = log,
            DryRun = isDryRun,
            Placeholder = placeholder,
            Abandon = error => abandon(work.Invocation, error),
        };
    }

    public void LogAction(DeliveryWork work, Item item, Route route, string action, ActionResult result, long startedMs)
    {
        var milliseconds = shared.Settings.Clock.MonotonicMs - startedMs;
        var isDone = result.Outcome is Outcome.Done or Outcome.Skipped;
        Trace?.End(route.Name, action, result.OutcomeName, isDone ? null : result.Detail);
        log.Write(
            isDone ? LogLevel.Info : LogLevel.Error,
            work.Invocation.RequestId,
            "action",
            ("route", route.Name),
            ("action", action),
            ("item", item.Id.Length <= MaxShownId ? item.Id : item.Id[..MaxShownId]),
            ("outcome", result.OutcomeName),
            ("detail", result.Detail),
            result.WasDoneBefore ? LogField.Flag("doneBefore") : default,
            ("ms", milliseconds));
        if (Metrics is null)
        {
            return;
        }

        Metrics.Add(MetricName.Duplicates, result.WasDoneBefore ? 1 : 0);
        var outcome = result.Outcome switch
        {
            Outcome.Done => MetricName.Done,
            Outcome.Skipped => MetricName.Skipped,
            Outcome.Retry => MetricName.Retry,
            _ => MetricName.Failed,
        };
        Metrics.AddAction(route.Name, action, outcome, milliseconds);
    }
}
