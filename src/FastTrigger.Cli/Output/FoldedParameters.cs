using System.Text.Json;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Output;

/// <summary>
/// The parameters of an AWS call as `name=value`, with long ones folded: of a script there is its length, of a list its first entries.
/// </summary>
internal static class FoldedParameters
{
    private const int MaxText = 60, MaxList = 40;

    /// <summary>The blank and the dots that stand for the rest of the parameters.</summary>
    private const int Rest = 4;

    /// <summary>The pairs that AWS writes as objects: a tag, a filter, a target.</summary>
    private static readonly (string Name, string Value)[] s_pairs =
        [("Key", "Value"), ("Key", "Values"), ("Name", "Value"), ("Name", "Values"), ("key", "value"), ("name", "value")];

    /// <summary>As many parameters as fit, the first one in any case, and `...` for the rest.</summary>
    public static string Fold(JsonNode parameters, int columns)
    {
        var all = Members("", parameters, Math.Min(MaxList, columns)).ToList();
        var text = "";
        for (var i = 0; i < all.Count; i++)
        {
            var rest = i + 1 < all.Count ? Rest : 0;
            if (i > 0 && text.Length + 1 + all[i].Length + rest > columns)
            {
                return text + " ...";
            }

            text += (i > 0 ? " " : "") + all[i];
        }

        return text;
    }

    private static IEnumerable<string> Members(string name, JsonNode? node, int columns)
    {
        switch (node)
        {
            case JsonObject members:
                // Systems Manager calls what it passes on Parameters: that name says nothing here.
                return members.SelectMany(member =>
                    Members(name is "" or "Parameters" ? member.Key : $"{name}.{member.Key}", member.Value, columns));
            case JsonArray list when list.Count > 0 && list.All(entry => Pair(entry) is not null):
                return list.SelectMany(entry => Members(Pair(entry)!.Value.Name, Pair(entry)!.Value.Value, columns));
            case JsonArray list when list.All(entry => entry is JsonValue):
                return [$"{name}={List(name, list, columns - name.Length - Rest)}"];
            case JsonArray list:
                return [$"{name}={list.Count} entries"];
            default:
                return [$"{name}={Value(node)}"];
        }
    }

    private static string List(string name, JsonArray list, int columns)
    {
        var entries = list.Select(entry => entry!.ToString()).ToList();
        if (name == "commands" || entries.Exists(IsLong))
        {
            return $"({entries.Sum(entry => entry.Length)} characters)";
        }

        var shown = entries.TakeWhile((_, i) => i == 0 || entries.Take(i + 1).Sum(entry => entry.Length + 1) <= columns).ToList();
        var more = shown.Count < entries.Count ? $",+{entries.Count - shown.Count}" : "";
        return string.Join(',', shown.Select(Quote)) + more;
    }

    private static string Value(JsonNode? node)
    {
        var text = node?.ToString() ?? "null";
        return node?.GetValueKind() != JsonValueKind.String ? text : IsLong(text) ? $"({text.Length} characters)" : Quote(text);
    }

    /// <summary>Null for what is no pair.</summary>
    private static (string Name, JsonNode? Value)? Pair(JsonNode? node)
    {
        foreach (var (name, value) in s_pairs)
        {
            if (node is JsonObject { Count: 2 } pair && pair.OptionalText(name) is { } key && pair.ContainsKey(value))
            {
                return (key, pair[value]);
            }
        }

        return null;
    }

    private static bool IsLong(string text) => text.Length > MaxText || text.AsSpan().ContainsAny('\n', '\r');

    private static string Quote(string text) => text.Length == 0 || text.Contains(' ', StringComparison.Ordinal) ? $"\"{text}\"" : text;
}
