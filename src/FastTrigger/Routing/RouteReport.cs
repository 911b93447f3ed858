using FastTrigger.Core;
using FastTrigger.Events;

namespace FastTrigger.Routing;

/// <summary>What one invocation came to: the answer of an EventBridge or direct item, or the error that makes Lambda retry (C3.2).</summary>
internal sealed class RouteReport
{
    private static readonly List<(string Route, string Item, List<(string Action, ActionResult Result)> Actions)> s_none = [];

    /// <summary>Most events are of no concern to any route.</summary>
    private List<(string Route, string Item, List<(string Action, ActionResult Result)> Actions)> _routes = s_none;

    private int _before;

    public int Routes => _routes.Count;

    /// <summary>How many routes took the item that was begun last.</summary>
    public int RoutesOfItem => _routes.Count - _before;

    /// <summary>Whether one of them did not do what it should.</summary>
    public bool IsItemUndone => Any(IsUndone, _before);

    /// <summary>How the item ended that was begun last, by what its routes did.</summary>
    public ItemEnd ItemEnd =>
        Any(static result => result.TimeIsUp && IsUndone(result), _before) ? new(ItemOutcome.TimeIsUp)
        : Any(static result => result.Outcome == Outcome.Failed && IsUndone(result), _before) ? new(ItemOutcome.Failed)
        : Any(static result => result is { Outcome: Outcome.Retry, IsThrottled: true }, _before) ? new(ItemOutcome.Throttled)
        : IsItemUndone ? new(ItemOutcome.Retry)
        : new(Any(static result => result.IsAccepted, _before) ? ItemOutcome.Accepted : ItemOutcome.Done, Answer());

    public bool TimeIsUp => Any(static result => result.TimeIsUp);

    public bool CredentialsExpired => Any(static result => result.CredentialsExpired);

    public bool AnyFailed => Any(static result => result.Outcome == Outcome.Failed);

    public bool AnyUndone => Any(IsUndone);

    /// <summary>How the route ended that was begun last.</summary>
    public Outcome OutcomeOfRoute => _routes[^1].Actions is { Count: > 0 } actions ? actions[^1].Result.Outcome : Outcome.Done;

    public void BeginItem() => _before = _routes.Count;

    public void BeginRoute(string route, string item)
    {
        _routes = _routes == s_none ? [] : _routes;
        _routes.Add((route, item, new(1)));
    }

    /// <summary>Somebody who waited for the route's end knows how it ended: it is not to be tried again.</summary>
    public void Settle()
    {
        var actions = _routes[^1].Actions;
        for (var i = 0; i < actions.Count; i++)
        {
            actions[i] = (actions[i].Action, actions[i].Result with { IsSettled = true });
        }
    }

    public void Add(string action, ActionResult result) => _routes[^1].Actions.Add((action, result));

    /// <summary>Every action that is not done, with its route and reason.</summary>
    public string Undone() => Undone(0);

    /// <summary>The same, of the item that was begun last.</summary>
    public string UndoneOfItem() => Undone(_before);

    private string Undone(int from)
    {
        var text = new ByteBuffer();
        foreach (var (route, _, actions) in _routes[from..])
        {
            foreach (var (action, result) in actions)
            {
                if (IsUndone(result))
                {
                    text.Append(text.Length > 0 ? "; "u8 : ""u8).Append($"route '{route}', action '{action}': {result.Detail}");
                }
            }
        }

        return text.ToString();
    }

    /// <summary>The stable document: {"items", "routes": [{"route", "item", "actions": [...]}]}.</summary>
    public void WriteTo(ByteBuffer buffer, int items)
    {
        var json = new JsonBuilder(buffer).BeginObject().Member("items", items).Name("routes").BeginArray();
        foreach (var (route, item, actions) in _routes)
        {
            json.BeginObject().Member("route", route).Member("item", item).Name("actions").BeginArray();
            foreach (var (action, result) in actions)
            {
                json.BeginObject().Member("action", action).Member("outcome", result.OutcomeName).Member("detail", result.Detail);
                if (result.CommandId is not null)
                {
                    json.Member("commandId", result.CommandId);
                }

                if (result.WasDoneBefore)
                {
                    json.Name("doneBefore").Boolean(true);
                }

                Write(json, result.Instances ?? []);

                json.EndObject();
            }

            json.EndArray().EndObject();
        }

        json.EndArray().EndObject();
    }

    private static bool IsUndone(ActionResult result) => result.Outcome is Outcome.Failed or Outcome.Retry && !result.IsSettled;

    /// <summary>What the last action gave for whoever waits for an answer.</summary>
    private string? Answer()
    {
        string? answer = null;
        for (var i = _before; i < _routes.Count; i++)
        {
            foreach (var (_, result) in _routes[i].Actions)
            {
                answer = result.Answer ?? answer;
            }
        }

        return answer;
    }

    private static void Write(JsonBuilder json, IReadOnlyList<InstanceResult> instances)
    {
        if (instances.Count == 0)
        {
            return;
        }

        json.Name("instances").BeginArray();
        foreach (var instance in instances)
        {
            json.BeginObject().Member("instanceId", instance.InstanceId).Member("status", instance.Status);
            if (instance.ExitCode is { } code)
            {
                json.Member("exitCode", code);
            }

            json.Member("output", instance.Output).EndObject();
        }

        json.EndArray();
    }

    private bool Any(Func<ActionResult, bool> holds, int from = 0)
    {
        for (var i = from; i < _routes.Count; i++)
        {
            foreach (var (_, result) in _routes[i].Actions)
            {
                if (holds(result))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
