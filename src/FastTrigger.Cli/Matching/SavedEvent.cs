using FastTrigger.Cli.Json;
using FastTrigger.Json;

namespace FastTrigger.Cli.Matching;

/// <summary>An event of a file or of standard input.</summary>
/// <param name="Name">The file; in a file of many events with the line, as in events.jsonl:3.</param>
/// <param name="Problem">Why it is no event, with its place; null when it is JSON.</param>
internal sealed record SavedEvent(string Name, ReadOnlyMemory<byte> Payload, string? Problem = null)
{
    /// <summary>The event in a text, or what is wrong with it.</summary>
    /// <param name="line">The line of the file that the text starts in; null when it is the whole file.</param>
    public static SavedEvent Read(string file, ReadOnlyMemory<byte> text, int? line = null)
    {
        var name = line is null ? file : $"{file}:{line}";
        using var document = EventJson.Parse(text, out var problem);
        if (document is not null)
        {
            return new(name, text);
        }

        var problems = new JsonProblems(file, text);
        if (JsonSyntax.Explain(text.Span) is { } found)
        {
            problems.Add(found.Offset, found.Message);
        }
        else if (JsonNodeReader.Read(text, problems) is not null)
        {
            return new(name, text, $"{name}: {problem}");
        }

        // Before it stand names that are given twice.
        var at = problems.Found[^1];
        return new(name, text, (at with { Line = at.Line + (line ?? 1) - 1 }).ToString());
    }
}
