using System.Text.Json;

namespace FastTrigger.Fuzzing.Pairs;

/// <summary>
/// What a pattern means, written from AWS's documentation alone, without regard to speed: eb-event-patterns.html,
/// eb-event-patterns-arrays.html and eb-create-pattern-operators.html in docs.aws.amazon.com/eventbridge/latest/userguide.
/// An event is a list of values, each with the path of its names and its place in each array around it. A pattern is a list of
/// combinations, one for each way to choose from its `$or`. It matches when, for a combination, each field has a value that matches,
/// and all these values stand in the same elements of the arrays that they have in common. What must be missing has no value in these
/// elements. FastTrigger differs from AWS in one thing, which the reference does as FastTrigger: numbers of any size and with any number
/// of decimals are compared, exactly.
/// </summary>
/// <param name="decided">Called with the name of an operator and what it said of a value.</param>
internal sealed class PatternReference(Action<string, bool>? decided = null)
{
    private readonly ReferenceTests _tests = new(decided ?? ((_, _) => { }));

    public bool Matches(string pattern, string json)
    {
        using var patternJson = JsonDocument.Parse(pattern, new() { MaxDepth = 1000 });
        using var eventJson = JsonDocument.Parse(json, new() { MaxDepth = 1000 });
        var values = new List<EventValue>();
        Flatten(eventJson.RootElement, null, [], values, new());
        var combinations = Combinations(patternJson.RootElement, null);
        var matches = combinations.Exists(combination => Matches(combination, 0, [], [], values));
        if (combinations.Count > 1)
        {
            decided?.Invoke("$or", matches);
        }

        return matches;
    }

    /// <summary>The names on the way to a value are joined by dots. So {"a.b": 1} and {"a": {"b": 1}} are the same.</summary>
    private static string Join(string? path, string name) => path is null ? name : path + "." + name;

    private static void Flatten(JsonElement element, string? path, Place[] places, List<EventValue> values, ArrayCounter arrays)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                // Of a name that an object has twice the last counts.
                foreach (var member in element.EnumerateObject().GroupBy(static member => member.Name).Select(static same => same.Last()))
                {
                    Flatten(member.Value, Join(path, member.Name), places, values, arrays);
                }

                break;
            case JsonValueKind.Array:
                var array = arrays.Next++;
                foreach (var (index, item) in element.EnumerateArray().Index())
                {
                    Flatten(item, path, [.. places, new(array, index)], values, arrays);
                }

                break;
            default:
                // A value that is the whole event has no name, so no pattern is about it.
                if (path is not null)
                {
                    values.Add(new(path, element, places));
                }

                break;
        }
    }

    private static List<List<PatternField>> Combinations(JsonElement pattern, string? path)
    {
        List<List<PatternField>> combinations = [[]];
        foreach (var member in pattern.EnumerateObject())
        {
            var inside = member.Name == "$or" ? [.. member.Value.EnumerateArray().SelectMany(choice => Combinations(choice, path))]
                : member.Value.ValueKind == JsonValueKind.Object ? Combinations(member.Value, Join(path, member.Name))
                : new List<List<PatternField>> { new() { new(Join(path, member.Name), [.. member.Value.EnumerateArray()]) } };
            combinations = [.. combinations.SelectMany(_ => inside, static (fields, more) => (List<PatternField>)[.. fields, .. more])];
        }

        return combinations;
    }

    /// <param name="at">The first field for which no value has been chosen.</param>
    /// <param name="chosen">The places of the values that were chosen.</param>
    /// <param name="absent">The paths that must have no value beside those.</param>
    private bool Matches(List<PatternField> fields, int at, Place[] chosen, string[] absent, List<EventValue> values)
    {
        if (at == fields.Count)
        {
            return !values.Exists(value => absent.Contains(value.Path) && AreTogether(value.Places, chosen));
        }

        var field = fields[at];
        foreach (var value in values.Where(value => value.Path == field.Path && AreTogether(value.Places, chosen)))
        {
            if (field.Tests.Exists(test => _tests.Matches(test, value.Json))
                && Matches(fields, at + 1, [.. chosen, .. value.Places], absent, values))
            {
                return true;
            }
        }

        return field.Tests.Exists(ReferenceTests.IsAbsence)
            && Matches(fields, at + 1, chosen, [.. absent, field.Path], values);
    }

    /// <summary>Whether two lists of places agree on the element of each array that both know.</summary>
    private static bool AreTogether(Place[] some, Place[] others) =>
        !some.Any(place => others.Any(other => other.Array == place.Array && other.Index != place.Index));

    private sealed class ArrayCounter
    {
        public int Next { get; set; }
    }

    /// <summary>An element of an array of the event.</summary>
    private readonly record struct Place(int Array, int Index);

    private sealed record EventValue(string Path, JsonElement Json, Place[] Places);

    private sealed record PatternField(string Path, List<JsonElement> Tests);
}
