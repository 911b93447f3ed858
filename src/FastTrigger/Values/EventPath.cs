using System.Globalization;
using System.Text;
using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Values;

/// <summary>A path into an event: .name, ['any key'], [0], [*].</summary>
internal sealed class EventPath
{
    /// <summary>How many names are compared: an event may have thousands.</summary>
    private const int MaxNames = 200;

    private readonly Step[] _steps;

    private EventPath(Step[] steps) => _steps = steps;

    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>Whether the path can have several values.</summary>
    public bool IsList => Array.Exists(_steps, static step => step.Every);

    /// <summary>Null, with the problem, when the text is not a path.</summary>
    public static EventPath? Parse(ReadOnlySpan<char> text, out string problem)
    {
        var steps = new List<Step>();
        problem = "";
        while (!text.IsEmpty)
        {
            var step = text[0] switch
            {
                '.' => ReadName(ref text),
                '[' => ReadBracket(ref text),
                _ => null,
            };
            if (step is null)
            {
                problem = "a path is written with .name, ['any key'], [0] or [*]";
                return null;
            }

            steps.Add(step.Value);
        }

        return new([.. steps]);
    }

    /// <summary>Adds all values at the path to a list. A value that is missing or null adds nothing.</summary>
    public void Find(JsonElement root, List<JsonElement> found) => Find(root, 0, found);

    /// <summary>
    /// The path, with the nearest name that the event has in place of the first that it has not; null when no name is near.
    /// </summary>
    /// <param name="start">What stands before the path.</param>
    public string? Nearest(JsonElement at, string start)
    {
        for (var depth = 0; depth < _steps.Length; depth++)
        {
            var step = _steps[depth];
            if (step.Name is { } name && at.Get(name).IsMissing())
            {
                return NearestName(name, at) is { } near ? Write(start, depth, near) : null;
            }

            // Any element shows what the others have.
            at = step.Name is not null ? at.Get(step.Name)
                : at.ValueKind == JsonValueKind.Array && step.Index < at.GetArrayLength() ? at[step.Index]
                : default;
        }

        return null;
    }

    private static string? NearestName(byte[] name, JsonElement at)
    {
        var known = new List<string>();
        if (at.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in at.EnumerateObject())
            {
                // A member that is null is there, and no other is meant.
                if (known.Count == MaxNames || member.NameEquals(name))
                {
                    return null;
                }

                known.Add(member.Name);
            }
        }

        return NearName.Find(Encoding.UTF8.GetString(name), known);
    }

    private string Write(string start, int at, string near)
    {
        var text = new StringBuilder(start);
        for (var i = 0; i < _steps.Length; i++)
        {
            var (name, index, every) = _steps[i];
            var member = i == at ? near : name is null ? "" : Encoding.UTF8.GetString(name);
            text.Append(name is null ? $"[{(every ? "*" : index.ToString(CultureInfo.InvariantCulture))}]"
                : member.AsSpan().IndexOfAny(" '\".[]}?") >= 0 ? $"['{member}']"
                : $".{member}");
        }

        return text.ToString();
    }

    private void Find(JsonElement at, int depth, List<JsonElement> found)
    {
        if (depth == _steps.Length)
        {
            if (!at.IsMissing())
            {
                found.Add(at);
            }

            return;
        }

        var step = _steps[depth];
        if (step.Name is { } name)
        {
            Find(at.Get(name), depth + 1, found);
        }
        else if (at.ValueKind == JsonValueKind.Array && step.Every)
        {
            foreach (var element in at.EnumerateArray())
            {
                Find(element, depth + 1, found);
            }
        }
        else if (at.ValueKind == JsonValueKind.Array && step.Index < at.GetArrayLength())
        {
            Find(at[step.Index], depth + 1, found);
        }
    }

    private static Step? ReadName(ref ReadOnlySpan<char> text)
    {
        var end = text[1..].IndexOfAny('.', '[') + 1;
        var name = end == 0 ? text[1..] : text[1..end];
        text = end == 0 ? [] : text[end..];
        return name.IsEmpty || name.IndexOfAny(" '\"]}?") >= 0 ? null : new Step(Encoding.UTF8.GetBytes(name.ToString()), 0, false);
    }

    private static Step? ReadBracket(ref ReadOnlySpan<char> text)
    {
        if (text.StartsWith("['"))
        {
            var end = text.IndexOf("']", StringComparison.Ordinal);
            if (end < 3)
            {
                return null;
            }

            var key = text[2..end].ToString();
            text = text[(end + 2)..];
            return new(Encoding.UTF8.GetBytes(key), 0, false);
        }

        var close = text.IndexOf(']');
        if (close < 0)
        {
            return null;
        }

        var inside = text[1..close];
        text = text[(close + 1)..];
        return inside is "*" ? new(null, 0, true)
            : int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? new(null, index, false)
            : null;
    }

    /// <param name="Name">The name of a member; null for an index, and for every element.</param>
    internal readonly record struct Step(byte[]? Name, int Index, bool Every);
}
