using System.Text.Json;
using FastTrigger.Json;
using FastTrigger.Runtime;

namespace FastTrigger.Events;

/// <summary>Every source, in the order in which they are asked.</summary>
internal static class EventSources
{
    /// <summary>Takes what no other recognises.</summary>
    private static readonly DirectSource s_direct = new();

    private static readonly EventBridgeSource s_eventBridge = new();

    private static readonly EventSource[] s_recognising = [new SchedulerSource(), s_eventBridge];

    /// <summary>The names that `from` may use.</summary>
    public static string[] Names => [.. Array.ConvertAll(s_recognising, static source => source.Name), s_direct.Name, .. SqsSource.Chains];

    public static bool IsName(string text) => Array.IndexOf(Names, text) >= 0;

    /// <param name="isTrusted">Whether what this queue brings is what it says it is (C2.2).</param>
    public static Delivery Open(JsonElement root, Invocation invocation, Func<string, bool> isTrusted) =>
        SqsSource.Read(root, invocation, isTrusted) ?? Delivery.Of(Read(root, invocation));

    /// <summary>An event of a source of one's own: all that counts as an event inside of an envelope that anybody may have written.</summary>
    internal static Item? ReadCustom(JsonElement root, Invocation invocation) =>
        root.Text("source"u8) is { } source && !source.StartsWith("aws.", StringComparison.OrdinalIgnoreCase) ? s_eventBridge.Read(root, invocation) : null;

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
