using System.Globalization;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>Reads the members of a request, whose types are those of its model.</summary>
internal static class LocalRequest
{
    private const string TokenPrefix = "page-";

    public static string? Text(this JsonObject request, string name) => request[name]?.GetValue<string>();

    public static int? Number(this JsonObject request, string name) => request[name]?.GetValue<int>();

    public static bool IsTrue(this JsonObject request, string name) => request[name]?.GetValue<bool>() == true;

    /// <exception cref="AwsError">The member is missing or empty.</exception>
    public static string Required(this JsonObject request, string name) =>
        request.Text(name) is { Length: > 0 } text ? text : throw AwsError.Validation($"{name} is required");

    /// <summary>A list of texts; empty when the member is missing.</summary>
    public static List<string> List(this JsonObject request, string name) =>
        (request[name] as JsonArray)?.Select(value => value!.GetValue<string>()).ToList() ?? [];

    /// <summary>A list of structures; empty when the member is missing.</summary>
    public static List<JsonObject> Objects(this JsonObject request, string name) =>
        (request[name] as JsonArray)?.Select(value => (JsonObject)value!).ToList() ?? [];

    /// <summary>A list of {Key, Value}.</summary>
    public static List<(string Key, string Value)> Tags(this JsonObject request, string name) =>
        request.Objects(name).ConvertAll(tag => (tag.Text("Key") ?? "", tag.Text("Value") ?? ""));

    /// <summary>The filters of EC2 and Auto Scaling, each with its values.</summary>
    /// <exception cref="AwsError">A filter has no name, or not 1 to 200 values.</exception>
    public static List<(string Name, List<string> Values)> Filters(this JsonObject request)
    {
        var filters = request.Objects("Filters").ConvertAll(filter => (Name: filter.Text("Name") ?? "", Values: filter.List("Values")));
        return filters.Exists(filter => filter.Name.Length == 0 || filter.Values.Count is 0 or > 200)
            ? throw new AwsError(400, "InvalidParameterValue", "A filter takes a name and 1 to 200 values")
            : filters;
    }

    public static JsonArray Strings(IEnumerable<string> values) => [.. values.Select(value => (JsonNode)value)];

    /// <summary>The part of a list that NextToken asks for, and the token of the next part; null at the end.</summary>
    /// <param name="error">The code of a token that no answer contained.</param>
    public static (List<T> Items, string? Next) Page<T>(this JsonObject request, IReadOnlyList<T> all, int size, string error)
    {
        var start = 0;
        if (request.Text("NextToken") is { Length: > 0 } token
            && (!token.StartsWith(TokenPrefix, StringComparison.Ordinal)
                || !int.TryParse(token[TokenPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out start)))
        {
            throw new AwsError(400, error, "The specified token is not valid.");
        }

        var items = all.Skip(start).Take(size).ToList();
        var end = (long)start + items.Count;
        return (items, end < all.Count ? string.Create(CultureInfo.InvariantCulture, $"{TokenPrefix}{end}") : null);
    }

    /// <summary>The response with one page of a list, by MaxResults and NextToken.</summary>
    /// <param name="size">The page size without MaxResults.</param>
    public static JsonObject Page(this JsonObject request, string name, IReadOnlyList<JsonObject> all, int size)
    {
        var (items, next) = request.Page(all, request.Number("MaxResults") ?? size, "InvalidNextToken");
        var response = new JsonObject { [name] = new JsonArray([.. items]) };
        if (next is not null)
        {
            response["NextToken"] = next;
        }

        return response;
    }
}
