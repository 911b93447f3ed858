using System.Text.Json;
using FastTrigger.Runtime;

namespace FastTrigger.Events;

/// <summary>Every source, in the order in which they are asked; the last takes any JSON.</summary>
internal static class EventSources
{
    private static readonly EventSource[] s_all = [new SchedulerSource(), new EventBridgeSource(), new DirectSource()];

    /// <summary>The names that `from` may use.</summary>
    public static IEnumerable<string> Names => Array.ConvertAll(s_all, static source => source.Name);

    public static bool IsName(string text) => Array.Exists(s_all, source => source.Name == text);

    public static Item Read(JsonElement root, Invocation invocation)
    {
        if (RouteWrapper.TryOpen(root, invocation, out var wrapped))
        {
            return wrapped;
        }

        return ReadPlain(root, invocation, null);
    }

    /// <param name="routeName">The route that a wrapper names.</param>
    internal static Item ReadPlain(JsonElement root, Invocation invocation, string? routeName)
    {
        foreach (var source in s_all)
        {
            if (source.Read(root, invocation) is { } item)
            {
                return routeName is null ? item : new(item.Source, item.Id, item.Event) { RouteName = routeName, TimeMs = item.TimeMs, Region = item.Region, Account = item.Account };
            }
        }

        return new("direct", invocation.RequestId, root) { RouteName = routeName };
    }
}
