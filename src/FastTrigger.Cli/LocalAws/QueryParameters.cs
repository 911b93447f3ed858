using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// A body of the query protocol: flat names such as Filter.1.Value.2. A service takes the names that it knows. Any other name is an error.
/// </summary>
internal sealed class QueryParameters
{
    private readonly Dictionary<string, string> _values = [];
    private readonly HashSet<string> _taken = ["Action", "Version"];

    public QueryParameters(string body)
    {
        foreach (var pair in body.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            if (!_values.TryAdd(Decode(parts[0]), parts.Length > 1 ? Decode(parts[1]) : ""))
            {
                throw new AwsError(400, "MalformedQueryString", $"'{parts[0]}' is given twice");
            }
        }
    }

    public string? Take(string name)
    {
        _taken.Add(name);
        return _values.GetValueOrDefault(name);
    }

    /// <summary>The values of NAME.1, NAME.2 and so on, up to the first gap.</summary>
    public List<string> TakeList(string name)
    {
        var list = new List<string>();
        while (Take($"{name}.{list.Count + 1}") is { } value)
        {
            list.Add(value);
        }

        return list;
    }

    /// <summary>LIST.N.Key and LIST.N.Value.</summary>
    public List<(string Key, string Value)> TakePairs(string list)
    {
        var pairs = new List<(string Key, string Value)>();
        while (Take($"{list}.{pairs.Count + 1}.Key") is { } key)
        {
            pairs.Add((key, Take($"{list}.{pairs.Count + 1}.Value") ?? ""));
        }

        return pairs;
    }

    /// <summary>Filter.N.Name and Filter.N.Value.M.</summary>
    public List<(string Name, List<string> Values)> TakeFilters(string list = "Filter", string values = "Value")
    {
        var filters = new List<(string, List<string>)>();
        while (Take($"{list}.{filters.Count + 1}.Name") is { } name)
        {
            var found = TakeList($"{list}.{filters.Count + 1}.{values}");
            if (found.Count is 0 or > 200)
            {
                throw new AwsError(400, "InvalidParameterValue", $"The filter '{name}' takes 1 to 200 values");
            }

            filters.Add((name, found));
        }

        return filters;
    }

    /// <exception cref="AwsError">The request has a parameter that the operation does not have.</exception>
    public void End()
    {
        if (_values.Keys.FirstOrDefault(name => !_taken.Contains(name)) is { } unknown)
        {
            throw new AwsError(400, "UnknownParameter", $"The parameter {unknown} is not recognized");
        }
    }

    public static JsonArray Strings(IEnumerable<string> values) => [.. values.Select(value => (JsonNode)value)];

    public static JsonArray Describe(IEnumerable<(string Name, List<string> Values)> filters) =>
        [.. filters.Select(filter => new JsonObject { ["Name"] = filter.Name, ["Values"] = Strings(filter.Values) })];

    public static JsonArray Describe(IEnumerable<(string Key, string Value)> tags) =>
        [.. tags.Select(tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value })];

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
