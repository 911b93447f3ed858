using FastTrigger.Core;

namespace FastTrigger.Json;

/// <summary>All mistakes in one file, each with its line and column.</summary>
internal sealed class JsonProblems(string file, ReadOnlyMemory<byte> text)
{
    private readonly List<JsonProblem> _found = [];

    /// <summary>The file's path, unchanged.</summary>
    public string File => file;

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<JsonProblem> Found => _found;

    public bool Any => _found.Count > 0;

    public void Clear() => _found.Clear();

    public void Add(JsonNode at, string message) => Add(at.Offset, message);

    public void Add(int offset, string message)
    {
        var (line, column) = Locate(offset);
        var at = _found.Count;
        while (at > 0 && _found[at - 1].IsAfter(line, column))
        {
            at--;
        }

        _found.Insert(at, new(file, line, column, message));
    }

    public bool HasAt(int offset)
    {
        var (line, column) = Locate(offset);
        return _found.Exists(problem => problem.Line == line && problem.Column == column);
    }

    /// <summary>A place as a sentence names it.</summary>
    public string Place(int offset)
    {
        var (line, column) = Locate(offset);
        return $"{line}:{column}";
    }

    private (int Line, int Column) Locate(int offset)
    {
        var before = text.Span[..Math.Min(offset, text.Length)];
        var start = before.LastIndexOf((byte)'\n') + 1;
        // Columns are counted in characters, as editors do: a byte order mark is none.
        var line = before[start..];
        var mark = line.StartsWith("\uFEFF"u8) ? 0 : 1;
        return (before.Count((byte)'\n') + 1, System.Text.Encoding.UTF8.GetCharCount(line) + mark);
    }

    /// <summary>One line for each mistake.</summary>
    public override string ToString()
    {
        var lines = new ByteBuffer();
        foreach (var problem in _found)
        {
            lines.Append(lines.Length > 0 ? "\n"u8 : ""u8).Append(problem.ToString());
        }

        return lines.ToString();
    }
}

/// <summary>One mistake. Lines and columns start at 1.</summary>
internal readonly record struct JsonProblem(string File, int Line, int Column, string Message)
{
    public bool IsAfter(int line, int column) => Line > line || (Line == line && Column > column);

    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}
