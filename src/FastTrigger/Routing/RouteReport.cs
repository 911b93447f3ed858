using FastTrigger.Http;

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
    public bool IsItemUndone => Any(static result => result.Outcome is Outcome.Failed or Outcome.Retry, _before);

    public bool TimeIsUp => Any(static result => result.TimeIsUp);

    public bool CredentialsExpired => Any(static result => result.CredentialsExpired);

    public bool AnyFailed => Any(static result => result.Outcome == Outcome.Failed);

    public bool AnyUndone => Any(static result => result.Outcome is Outcome.Failed or Outcome.Retry);

    public void BeginItem() => _before = _routes.Count;

    public void BeginRoute(string route, string item)
    {
        _routes = _routes == s_none ? [] : _routes;
        _routes.Add((route, item, new(1)));
    }

    public void Add(string action, ActionResult result) => _routes[^1].Actions.Add((action, result));

    /// <summary>Every action that is not done, with its route and reason.</summary>
    public string Undone()
    {
        var text = new ByteBuffer();
        foreach (var (route, _, actions) in _routes)
        {
            foreach (var (action, result) in actions)
            {
                if (result.Outcome is Outcome.Failed or Outcome.Retry)
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
