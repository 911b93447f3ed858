using System.Text;
using System.Text.Json.Nodes;
using FastTrigger.Json;

namespace FastTrigger.Cli.Commands;

/// <summary>A record of a log.</summary>
/// <param name="Stream">The log stream that it comes from; null when the line does not say it.</param>
internal sealed record LogLine(JsonObject Record, string? Stream);

/// <summary>Reads the records of logs: lines of JSON, what aws logs tail makes of them, and what fasttrigger run --json printed.</summary>
internal static class LogLines
{
    /// <summary>The record of a line; null for what is none of FastTrigger's, such as those of Lambda itself.</summary>
    public static LogLine? Read(string line)
    {
        var start = line.IndexOf('{', StringComparison.Ordinal);
        if (start < 0 || Parse(line[start..]) is not { } record || record["message"] is not JsonValue)
        {
            return null;
        }

        // A tail has the time and the stream before it.
        var before = line[..start].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new(record, before.Length == 2 ? before[1] : null);
    }

    /// <summary>The records of fasttrigger run --json; null when the text is something else.</summary>
    public static IEnumerable<LogLine>? ReadRun(string text)
    {
        if (!text.StartsWith('{') || Parse(text) is not { } run || run["logs"] is not JsonArray logs)
        {
            return null;
        }

        var stream = run["logStream"]?.ToString();
        return logs.OfType<JsonObject>()
            .Where(static record => record["message"] is JsonValue)
            .Select(record => new LogLine(record, stream));
    }

    /// <summary>Half of a surrogate pair would throw where it is read.</summary>
    private static JsonObject? Parse(string text) =>
        EventJson.FindLoneSurrogate(Encoding.UTF8.GetBytes(text)) < 0 ? RunReport.Parse(text) as JsonObject : null;
}
