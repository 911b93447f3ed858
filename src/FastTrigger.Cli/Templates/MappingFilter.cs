using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FastTrigger.Cli.Routes;
using FastTrigger.Patterns;

namespace FastTrigger.Cli.Templates;

/// <summary>
/// The filter of an event source mapping that passes whatever a route takes
/// (docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html). A filter takes fewer fields and fewer operators than a rule of
/// EventBridge. What it does not take is a problem: a filter that means something else would drop records.
/// </summary>
/// <param name="source">The name of the mapping's source.</param>
/// <param name="dataField">The field that has the record's data.</param>
/// <param name="otherField">The other field that a filter may name.</param>
internal sealed class MappingFilter(string source, string dataField, string otherField)
{
    private const string Advice = "; leave out --filter-streams";

    private static readonly string[] s_comparisons = ["prefix", "suffix", "equals-ignore-case", "numeric", "exists"];

    /// <summary>The filters of a route, one for each chain of its `from` that starts with the source.</summary>
    public IEnumerable<JsonObject> Of(TemplateRoute route, List<RouteProblem> problems)
    {
        foreach (var chain in route.Route.From.Where(chain => chain.Split('/')[0] == source))
        {
            if (route.When is not { } when)
            {
                continue;
            }

            if (chain == source)
            {
                CheckFields(when, route, problems);
                yield return Filter(when, "", route, problems);
            }
            else if (chain == $"{source}/eventbridge")
            {
                // The route sees the event in the record, and the filter the record.
                yield return new() { [dataField] = Filter(when, dataField, route, problems) };
            }
            else
            {
                problems.Add(new(route.Name, "from", $"a filter of the mapping cannot look into what comes by '{chain}'{Advice}"));
            }
        }
    }

    /// <summary>Only what Lambda gets from the service can be in a filter, and of the data only its fields.</summary>
    private void CheckFields(JsonObject when, TemplateRoute route, List<RouteProblem> problems)
    {
        foreach (var (name, value) in when)
        {
            var first = name.Split('.')[0];
            if (name == "$or")
            {
                foreach (var choice in value!.AsArray())
                {
                    CheckFields(choice!.AsObject(), route, problems);
                }
            }
            else if (first != dataField && first != otherField)
            {
                var message = $"a filter of a {source} mapping takes '{dataField}' and '{otherField}', not '{first}'{Advice}";
                problems.Add(new(route.Name, "when", message));
            }
            else if (name == dataField && value is JsonArray)
            {
                var message = $"a filter of a {source} mapping takes fields inside '{dataField}', and no values for it{Advice}";
                problems.Add(new(route.Name, "when", message));
            }
        }
    }

    private static JsonObject Filter(JsonObject pattern, string path, TemplateRoute route, List<RouteProblem> problems)
    {
        var filter = new JsonObject();
        foreach (var (name, value) in pattern)
        {
            var below = path.Length == 0 ? name : $"{path}.{name}";
            filter[name] = value switch
            {
                JsonObject inner => Filter(inner, below, route, problems),
                JsonArray choices when name == "$or" =>
                    new JsonArray([.. choices.Select(choice => Filter(choice!.AsObject(), path, route, problems))]),
                _ => new JsonArray([.. value!.AsArray().SelectMany(test => Test(test, below, route, problems))]),
            };
        }

        return filter;
    }

    private static IEnumerable<JsonNode?> Test(JsonNode? test, string path, TemplateRoute route, List<RouteProblem> problems)
    {
        yield return test?.DeepClone();
        if (test is JsonObject operation)
        {
            var (name, operand) = operation.First();
            var inner = (operand as JsonObject)?.First().Key;
            if (inner is not null || (name != "anything-but" && Array.IndexOf(s_comparisons, name) < 0))
            {
                var given = inner is null ? name : $"{name} with {inner}";
                var message = $"'{path}': a filter of a mapping does not take {given}, as a rule of EventBridge does{Advice}";
                problems.Add(new(route.Name, "when", message));
            }
        }
        else if (test?.GetValueKind() == JsonValueKind.Number)
        {
            // A filter compares numbers as they are written, but those of numeric by value.
            if (Numbers.IsComparable(Encoding.ASCII.GetBytes(test.ToJsonString())))
            {
                yield return new JsonObject { ["numeric"] = new JsonArray("=", test.DeepClone()) };
            }
            else
            {
                var message = $"'{path}': a filter of a mapping compares {test.ToJsonString()} as it is written{Advice}";
                problems.Add(new(route.Name, "when", message));
            }
        }
    }
}
