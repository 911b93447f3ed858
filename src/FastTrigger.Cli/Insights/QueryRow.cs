using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Insights;

/// <summary>The fields of a record, or of a row that a query made.</summary>
/// <param name="record">A record of the log; null for a row of another kind.</param>
internal sealed class QueryRow(JsonObject? record = null)
{
    private readonly Dictionary<string, object> _made = [];

    /// <summary>A text or a number; null when there is none.</summary>
    public object? this[string name]
    {
        get => _made.TryGetValue(name, out var value) ? value : Of(name);
        set
        {
            if (value is not null)
            {
                _made[name] = value;
            }
        }
    }

    public static string Shown(object? value) => value switch
    {
        null => "",
        double number => number.ToString("0.###", CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    /// <summary>Insights finds the fields of a record in JSON by their names, with points between those of nested ones.</summary>
    private object? Of(string name)
    {
        if (name == "@message")
        {
            return record?.ToJsonString();
        }

        JsonNode? at = record;
        foreach (var part in (name == "@timestamp" ? "timestamp" : name).Split('.'))
        {
            at = at switch
            {
                JsonObject inner => inner[part],
                JsonArray list when int.TryParse(part, NumberStyles.None, null, out var i) && i < list.Count => list[i],
                _ => null,
            };
        }

        return at?.GetValueKind() switch
        {
            JsonValueKind.Number => at.GetValue<double>() is var number && double.IsFinite(number) ? number : null,
            JsonValueKind.True => 1.0,
            JsonValueKind.False => 0.0,
            JsonValueKind.String => at.GetValue<string>(),
            _ => null,
        };
    }
}
