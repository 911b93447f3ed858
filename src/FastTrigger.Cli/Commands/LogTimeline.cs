using System.Text.Json.Nodes;
using FastTrigger.Cli.Output;
using Spectre.Console;

namespace FastTrigger.Cli.Commands;

/// <summary>
/// Prints the records of a log, an invocation at a time: those of several environments come between each other. An invocation is printed
/// with the record that ends it.
/// </summary>
/// <param name="onlyUndone">Whether only invocations are shown of which something was not done.</param>
/// <param name="route">The route that must have taken part; null for any.</param>
internal sealed class LogTimeline(IAnsiConsole console, bool onlyUndone, string? route)
{
    /// <summary>An invocation whose end does not come, because its process was ended, must not be kept for ever.</summary>
    private const int MaxOpen = 1_000;

    private static readonly string[] s_counted = ["Retry", "Failed", "AwsRetries", "Throttled", "Duplicates", "Refused"];

    private readonly OrderedDictionary<string, List<JsonObject>> _open = [];
    private bool _any;

    /// <summary>Takes a record.</summary>
    public void Add(JsonObject record)
    {
        if (record["requestId"]?.ToString() is not { } id)
        {
            return;
        }

        // A log as text has metrics alone in JSON.
        _any |= Text(record, "message") != "metrics";
        if (!_open.TryGetValue(id, out var records))
        {
            _open[id] = records = [];
        }

        records.Add(record);
        if (Text(record, "message") == "invocation")
        {
            _open.Remove(id);
            Write(id, records);
        }
        else if (_open.Count > MaxOpen)
        {
            WriteOldest();
        }
    }

    /// <summary>Prints what has no end. False when there was no record at all.</summary>
    public bool End()
    {
        while (_open.Count > 0)
        {
            WriteOldest();
        }

        return _any;
    }

    private void WriteOldest()
    {
        var (id, records) = _open.GetAt(0);
        _open.RemoveAt(0);
        Write(id, records);
    }

    private void Write(string id, List<JsonObject> records)
    {
        var end = records[^1] is var last && Text(last, "message") == "invocation" ? last : null;
        var isUndone = end is null || Text(end, "outcome") == "error" || end["notDone"] is not null;
        // Metrics of further actions come behind the record that ends an invocation, and say nothing new.
        if (records.TrueForAll(static record => Text(record, "message") == "metrics")
            || (onlyUndone && !isUndone)
            || (route is not null && !records.Exists(record => Text(record, "route") == route)))
        {
            return;
        }

        var heading = new StyledLine().Add(Text(end ?? records[0], "timestamp"), "dim").Add(id, "bold blue");
        if (end is not null)
        {
            heading.Add(Text(end, "source")).Add($"{Text(end, "ms")} ms", "dim");
        }

        Write(end?["coldStart"] is null ? heading : heading.Add("cold start", "dim"));
        foreach (var record in records)
        {
            WriteRecord(record);
        }

        if (end is null)
        {
            Write(new StyledLine(2).Add("did not end", "red").Add("within these lines: its time ran out, or the rest is missing"));
        }
    }

    private void WriteRecord(JsonObject record)
    {
        switch (Text(record, "message"))
        {
            case "action":
                var color = Text(record, "outcome") switch { "done" => "green", "skipped" => "yellow", _ => "red" };
                Write(new StyledLine(2).Add(Text(record, "route")).Add(">", "dim").Add(Text(record, "action"))
                    .Add(Text(record, "outcome"), color).Add(Text(record, "detail")).Add($"{Text(record, "ms")} ms", "dim"));
                break;
            case "invocation":
                WriteEnd(record);
                break;
            case "metrics" or "website":
                break;
            case var message:
                var line = new StyledLine(2).Add(message, Text(record, "level") is "WARN" or "ERROR" or "FATAL" ? "red" : "dim");
                foreach (var (name, value) in record)
                {
                    if (name is not ("timestamp" or "level" or "message" or "requestId"))
                    {
                        line.Add($"{name}={value}");
                    }
                }

                Write(line);
                break;
        }
    }

    private void WriteEnd(JsonObject record)
    {
        foreach (var (name, color) in ((string, string)[])[("unmatched", "yellow"), ("hint", "dim"), ("notDone", "red"), ("error", "red")])
        {
            if (record[name] is { } value)
            {
                Write(new StyledLine(2).Add(name == "notDone" ? "not done" : name, color).Add(value.ToString()));
            }
        }

        var counts = s_counted.Where(name => record[name] is not null).Select(name => $"{name}={record[name]}").ToList();
        if (record["awsRequestIds"] is JsonArray ids)
        {
            counts.Add($"awsRequestIds={string.Join(',', ids.Select(static one => one?.ToString()))}");
        }

        if (counts.Count > 0)
        {
            Write(new StyledLine(2).Add(string.Join(' ', counts), "dim"));
        }
    }

    private static string Text(JsonObject record, string name) => record[name]?.ToString() ?? "";

    private void Write(StyledLine line) => console.Write(line);
}
