using System.Text.Json.Nodes;
using FastTrigger.Cli.Templates.Triggers;
using FastTrigger.Json;
using FastTrigger.Patterns;
using FastTrigger.Routing;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Cli.Routes;

/// <summary>What AWS takes although it is hardly meant: the warnings of `fasttrigger check` that need the file as it is written.</summary>
internal static class SuspectRoute
{
    public static IEnumerable<string> Find(Route route, JsonNode source)
    {
        var warnings = source["when"] is JsonObject when ? OfPattern(route, when) : OfSchedule(route.Schedule);
        return warnings.Select(warning => $"route '{route.Name}': {warning}");
    }

    private static IEnumerable<string> OfPattern(Route route, JsonObject when)
    {
        if (route.From.Count == 0)
        {
            foreach (var name in when.Select(field => field.Key).Where(name => !RuleTrigger.EventFields.Contains(name.Split('.')[0])))
            {
                var hint = NearName.Hint(name, RuleTrigger.EventFields, "name the source of its events in \"from\"");
                yield return $"events of EventBridge have no '{name}', and without \"from\" the template makes no other trigger; {hint}";
            }
        }

        foreach (var (field, name) in OperatorFields("", when))
        {
            yield return $"'{name}' is the name of a field of '{field}' here; an operator stands in a list: [{{\"{name}\": ...}}]";
        }
    }

    private static IEnumerable<(string Field, string Name)> OperatorFields(string field, JsonObject pattern)
    {
        foreach (var (name, value) in pattern)
        {
            if (field.Length > 0 && OperatorReader.Names.Contains(name) && value is JsonArray)
            {
                yield return (field, name);
            }

            foreach (var inner in value is JsonObject members ? OperatorFields(name, members) : [])
            {
                yield return inner;
            }
        }
    }

    private static IEnumerable<string> OfSchedule(string? schedule)
    {
        var fields = schedule?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (fields.Length == 6 && fields[4].Any(char.IsAsciiDigit) && !fields[4].Contains('#'))
        {
            yield return $"in '{fields[4]}' 1 is Sunday and 7 is Saturday; names such as MON-FRI leave no doubt";
        }
    }
}
