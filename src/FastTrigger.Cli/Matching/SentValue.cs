using System.Text.Json;

namespace FastTrigger.Cli.Matching;

/// <summary>Finds a value in the event as it was sent, where a pattern sees an object for each dot in a name.</summary>
internal static class SentValue
{
    /// <summary>The value at a path; null when it was put together from several places, or is part of a name.</summary>
    /// <param name="path">Names joined by dots, and indexes: detail.items[1].a.</param>
    public static JsonElement? Find(JsonElement sent, string path)
    {
        var found = new List<JsonElement?>();
        Collect(sent, path, found);
        return found.Count == 1 ? found[0] : null;
    }

    private static void Collect(JsonElement at, ReadOnlySpan<char> rest, List<JsonElement?> found)
    {
        if (rest.IsEmpty)
        {
            found.Add(at);
        }
        else if (at.ValueKind == JsonValueKind.Object)
        {
            var names = rest.TrimStart('.');
            foreach (var member in at.EnumerateObject())
            {
                if (IsStart(names, member.Name))
                {
                    Collect(member.Value, names[member.Name.Length..], found);
                }
                else if (member.Name.Length > names.Length && IsStart(member.Name, names))
                {
                    // The path ends inside of this name.
                    found.Add(null);
                }
            }
        }
        else if (at.ValueKind == JsonValueKind.Array && rest[0] == '[' && rest.IndexOf(']') is > 0 and var end)
        {
            var index = int.TryParse(rest[1..end], out var number) ? number : -1;
            if (index >= 0 && index < at.GetArrayLength())
            {
                Collect(at[index], rest[(end + 1)..], found);
            }
        }
    }

    /// <summary>Whether a path starts with these names.</summary>
    private static bool IsStart(ReadOnlySpan<char> path, ReadOnlySpan<char> names) =>
        path.StartsWith(names) && (path.Length == names.Length || path[names.Length] is '.' or '[');
}
