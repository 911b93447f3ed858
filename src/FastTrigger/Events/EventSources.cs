using System.Text.Json;
using FastTrigger.Runtime;

namespace FastTrigger.Events;

/// <summary>Every source, in the order in which they are asked.</summary>
internal static class EventSources
{
    /// <summary>Takes what no other recognises.</summary>
    private static readonly DirectSource s_direct = new();

    private static readonly EventSource[] s_recognising = [new SchedulerSource(), new EventBridgeSource()];

    /// <summary>The names that `from` may use.</summary>
    public static string[] Names => [.. Array.ConvertAll(s_recognising, static source => source.Name), s_direct.Name];

    public static bool IsName(string text) => Array.IndexOf(Names, text) >= 0;

    /// <param name="mayBePlayback">False inside of a record that was played back: there is none in it.</param>
    public static Item Read(JsonElement root, Invocation invocation, bool mayBePlayback = true) =>
        mayBePlayback && DestinationRecord.TryOpen(root, invocation, out var played) ? played
        : RouteWrapper.TryOpen(root, invocation, out var wrapped) ? wrapped
        : ReadPlain(root, invocation);

    /// <summary>Without looking for a wrapper: what is inside one is none.</summary>
    internal static Item ReadPlain(JsonElement root, Invocation invocation)
    {
        foreach (var source in s_recognising)
        {
            if (source.Read(root, invocation) is { } item)
            {
                return item;
            }
        }

        return s_direct.Read(root, invocation);
    }
}
