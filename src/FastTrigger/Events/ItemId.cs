using System.Text;

namespace FastTrigger.Events;

/// <summary>What an item is acted on once by.</summary>
/// <param name="Value">Two different events never share it.</param>
/// <param name="Lasts">
/// Whether every delivery of the same event brings it. Where it does not, a second delivery looks like a second event.
/// </param>
internal readonly record struct ItemId(string Value, bool Lasts)
{
    private const char Separator = '#';

    public static ItemId Lasting(string value) => new(value, Lasts: true);

    /// <summary>Of several parts, so that other parts never give the same text.</summary>
    public static ItemId Lasting(params ReadOnlySpan<string?> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(Escaped(part ?? "")).Append(Separator);
        }

        return new(text.ToString(0, text.Length - 1), Lasts: true);
    }

    /// <summary>Of this invocation: Lambda's request id, which only Lambda's own retries of an asynchronous invocation keep.</summary>
    public static ItemId OfInvocation(string requestId) => new(requestId, Lasts: false);

    private static string Escaped(string part) => part.AsSpan().IndexOfAny('%', Separator) < 0
        ? part
        : part.Replace("%", "%25", StringComparison.Ordinal).Replace("#", "%23", StringComparison.Ordinal);
}

/// <summary>When each delivery of one event brings the same id (C2.1).</summary>
internal enum IdLasts
{
    Always,

    /// <summary>Only when the sender gives one.</summary>
    WhenGiven,

    /// <summary>It is Lambda's request id, which Lambda keeps when it retries an asynchronous invocation. Nobody else keeps it.</summary>
    InAsynchronousRetries,

    /// <summary>Each delivery brings another.</summary>
    Never,
}
