using FastTrigger.Actions;
using FastTrigger.Routing;

namespace FastTrigger.Dispatch;

/// <summary>What a route did for one item that it takes.</summary>
internal sealed class RouteResult(Route route)
{
    private readonly List<(string Action, ActionResult Result)> _actions = new(1);

    public Route Route => route;

    public List<(string Action, ActionResult Result)> Actions => _actions;

    /// <summary>Whether a call for several items has carried out the action for this one.</summary>
    public bool IsBatched { get; private set; }

    /// <summary>What the first action would do, prepared and not done; null when it was not prepared.</summary>
    public BatchableCall? Prepared { get; set; }

    /// <summary>Whether somebody who waited knows the outcome, so that it does not fail the invocation (C3.4).</summary>
    public bool IsSettled { get; set; }

    /// <summary>The outcome so far: that of the last action.</summary>
    public Outcome Outcome => _actions.Count > 0 ? _actions[^1].Result.Outcome : Outcome.Done;

    public void Add(string action, ActionResult result) => _actions.Add((action, result));

    /// <summary>The result of a call for several items.</summary>
    public void AddBatched(ActionResult result)
    {
        IsBatched = true;
        Add(route.Actions[0].Name, result);
    }

    /// <summary>The last action has another outcome after all.</summary>
    public void Replace(ActionResult result) => _actions[^1] = (_actions[^1].Action, result);

    /// <summary>Whether an action is not done and must be tried again or looked after.</summary>
    public bool IsUndone(ActionResult result) => result.Outcome is Outcome.Failed or Outcome.Retry && !IsSettled;
}
