using FastTrigger.Actions;
using FastTrigger.Actions.Once;
using FastTrigger.Aws;
using FastTrigger.Events;
using FastTrigger.Routing.Auth;
using FastTrigger.Telemetry;

namespace FastTrigger.Dispatch;

/// <summary>
/// Who may come in over HTTP (C6.4), and whether a request is the one that its Idempotency-Key stands for. What cannot be decided lets
/// nobody in.
/// </summary>
internal sealed class AdmitStep(ContextFactory contexts) : ItemStep("admitting")
{
    /// <summary>As long as an outcome is kept.</summary>
    private const int KeptSeconds = 15 * 24 * 3600;

    private static readonly AwsOperation[] s_operations = ActionCall.OperationsOf(ReplayGuard.Calls);

    protected override void Do(DeliveryWork work, ItemResult item)
    {
        if (item.Error is not null || item.Item.Http is not { } request)
        {
            return;
        }

        // The first refusal is the one that counts.
        foreach (var route in item.Routes.ToArray())
        {
            var decision = Decide(work, item.Item, route, request);
            if (decision.Outcome != ItemOutcome.Done)
            {
                contexts.Log.Write(
                    LogLevel.Warn,
                    work.Invocation.RequestId,
                    "refused",
                    ("route", route.Route.Name),
                    ("reason", decision.Reason));
                item.Refuse(route, decision);
            }
        }
    }

    private AuthDecision Decide(DeliveryWork work, Item item, RouteResult route, HttpEvent request)
    {
        var context = contexts.For(work, item, route.Route, 0, work.End, s_operations);
        var decision = route.Route.Auth!.Decide(request, context);
        if (decision.Outcome != ItemOutcome.Done || !item.HasLastingId || !route.Route.ActsOnce)
        {
            return decision;
        }

        var key = OnceSetting.Hash($"{context.Settings.FunctionName}\0{context.RouteName}\0request\0{item.Id}");
        return ReplayGuard.Look(context, key, KeptSeconds, request.Fingerprint(), out var refused) switch
        {
            Seen.Never or Seen.Before => decision,
            Seen.Other => new(ItemOutcome.Failed, "its Idempotency-Key was used before for another method, path, query or body"),
            _ => AuthDecision.Undecided(refused),
        };
    }
}
