using System.Text.Json;
using FastTrigger.Http;

namespace FastTrigger.Routing;

/// <summary>What one invocation came to: the answer of an EventBridge or direct item, or the error that makes Lambda retry (C3.2).</summary>
internal sealed class RouteReport
{
    private readonly List<(string Route, string Item, List<(string Action, ActionResult Result)> Actions)> _routes = [];

    public int Routes => _routes.Count;

    public bool TimeIsUp => Any(static result => result.TimeIsUp);

    public bool CredentialsExpired => Any(static result => result.CredentialsExpired);

    public bool AnyFailed => Any(static result => result.Outcome == Outcome.Failed);

    public bool AnyUndone => Any(static result => result.Outcome is Outcome.Failed or Outcome.Retry);

    public void BeginRoute(string route, string item) => _routes.Add((route, item, []));

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
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteNumber("items"u8, items);
        writer.WriteStartArray("routes"u8);
        foreach (var (route, item, actions) in _routes)
        {
            writer.WriteStartObject();
            writer.WriteString("route"u8, route);
            writer.WriteString("item"u8, item);
            writer.WriteStartArray("actions"u8);
            foreach (var (action, result) in actions)
            {
                writer.WriteStartObject();
                writer.WriteString("action"u8, action);
                writer.WriteString("outcome"u8, Name(result.Outcome));
                writer.WriteString("detail"u8, result.Detail);
                if (result.CommandId is not null)
                {
                    writer.WriteString("commandId"u8, result.CommandId);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    internal static string Name(Outcome outcome) => outcome switch
    {
        Outcome.Done => "done",
        Outcome.Skipped => "skipped",
        Outcome.Retry => "retry",
        _ => "failed",
    };

    private bool Any(Func<ActionResult, bool> holds)
    {
        foreach (var (_, _, actions) in _routes)
        {
            foreach (var (_, result) in actions)
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
