using FastTrigger.Core;
using FastTrigger.Events;
using FastTrigger.Runtime;

namespace FastTrigger.Dispatch;

/// <summary>The outcome of an item, from what its routes did; and the error of an invocation, from what its items are.</summary>
internal static class Outcomes
{
    /// <summary>What an error's message says at most: the log has the rest.</summary>
    private const int MaxReasons = 20;

    /// <summary>By the worst that happened: later kinds of retry say less than earlier ones.</summary>
    public static (ItemOutcome Outcome, string? Given) Of(List<RouteResult> routes)
    {
        var outcome = ItemOutcome.Done;
        string? given = null;
        foreach (var route in Real(routes))
        {
            foreach (var (_, result) in route.Actions)
            {
                outcome = Worse(outcome, Of(route, result));
                given = result.Answer ?? given;
            }
        }

        return (outcome, outcome is ItemOutcome.Done or ItemOutcome.Accepted ? given : null);
    }

    /// <summary>
    /// Every action of an item that is not done, with its route and reason; null when all are done, or the caller knows the outcome.
    /// </summary>
    public static RuntimeError? ErrorOf(List<RouteResult> routes)
    {
        ByteBuffer? text = null;
        var type = ErrorType.Retry;
        foreach (var route in Real(routes))
        {
            foreach (var (action, result) in route.Actions)
            {
                if (route.IsUndone(result))
                {
                    text = (text?.Append("; "u8) ?? new ByteBuffer())
                        .Append($"route '{route.Route.Name}', action '{action}': {result.Detail}");
                    type = (ErrorType)Math.Max((int)type, (int)Of(result));
                }
            }
        }

        return text is null ? null : new(NameOf(type), text.ToString());
    }

    /// <summary>The routes that act. A dry run decides nothing, unless it is all that there is.</summary>
    public static List<RouteResult> Real(List<RouteResult> routes) =>
        routes.Exists(static route => route.Route.DryRun) && routes.Exists(static route => !route.Route.DryRun)
            ? routes.FindAll(static route => !route.Route.DryRun)
            : routes;

    /// <summary>Null when every item is done, or need not be.</summary>
    public static RuntimeError? ErrorOf(ItemResult[] items)
    {
        RuntimeError? worst = null;
        List<string>? reasons = null;
        var left = 0;
        var isUnstarted = false;
        foreach (var item in items)
        {
            isUnstarted |= !item.IsStarted;
            if (item.Error is not { } error)
            {
                continue;
            }

            worst = worst is null || Rank(error) > Rank(worst) ? error : worst;
            reasons ??= [];
            if (reasons.Count < MaxReasons && !reasons.Has(error.Message))
            {
                reasons.Add(error.Message);
            }
            else if (reasons.Count == MaxReasons)
            {
                left++;
            }
        }

        if (worst is not null)
        {
            var message = string.Join("; ", reasons!);
            return new(worst.Type, left > 0 ? $"{message}; and {left} more, which are in the log" : message);
        }

        return isUnstarted ? new("Function.DeadlineExceeded", "no time was left to start every record of the batch") : null;
    }

    private static ItemOutcome Of(RouteResult route, ActionResult result) => !route.IsUndone(result)
        ? result.IsAccepted ? ItemOutcome.Accepted : ItemOutcome.Done
        : result.TimeIsUp ? ItemOutcome.TimeIsUp
        : result.Outcome == Outcome.Failed ? ItemOutcome.Failed
        : result.IsThrottled ? ItemOutcome.Throttled
        : ItemOutcome.Retry;

    private static ItemOutcome Worse(ItemOutcome one, ItemOutcome other) => Severity(other) > Severity(one) ? other : one;

    private static int Severity(ItemOutcome outcome) => outcome switch
    {
        ItemOutcome.TimeIsUp => 5,
        ItemOutcome.Failed => 4,
        ItemOutcome.Throttled => 3,
        ItemOutcome.Retry => 2,
        ItemOutcome.Accepted => 1,
        _ => 0,
    };

    private enum ErrorType
    {
        Retry,
        Failed,
        TimeIsUp,
        Expired,
    }

    private static ErrorType Of(ActionResult result) => result.CredentialsExpired ? ErrorType.Expired
        : result.TimeIsUp ? ErrorType.TimeIsUp
        : result.Outcome == Outcome.Failed ? ErrorType.Failed
        : ErrorType.Retry;

    private static string NameOf(ErrorType type) => type switch
    {
        ErrorType.Expired => "Function.ExpiredToken",
        ErrorType.TimeIsUp => "Function.DeadlineExceeded",
        ErrorType.Failed => "Function.ActionFailed",
        _ => "Function.ActionRetry",
    };

    /// <summary>What an action says comes before what only one record is, and what must end the process before all.</summary>
    private static int Rank(RuntimeError error) => error.Type switch
    {
        "Function.ExpiredToken" => 5,
        "Function.DeadlineExceeded" => 4,
        "Function.ActionFailed" or "Function.Unhandled" => 3,
        "Function.ActionRetry" => 2,
        _ => 1,
    };
}
