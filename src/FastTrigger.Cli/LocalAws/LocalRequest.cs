using System.Globalization;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>Reads the members of a JSON request.</summary>
internal static class LocalRequest
{
    public static string? Text(this JsonObject request, string name) => request[name]?.GetValue<string>();

    /// <exception cref="AwsError">The member is missing or empty.</exception>
    public static string Required(this JsonObject request, string name) =>
        request.Text(name) is { Length: > 0 } text ? text : throw AwsError.Validation($"{name} is required");

    /// <summary>A list of texts; empty when the member is missing.</summary>
    public static List<string> List(this JsonObject request, string name) =>
        (request[name] as JsonArray)?.Select(value => value!.GetValue<string>()).ToList() ?? [];

    /// <summary>The response with one page of a list, by MaxResults and NextToken.</summary>
    /// <param name="size">The page size without MaxResults.</param>
    public static JsonObject Page(this JsonObject request, string name, IReadOnlyList<JsonObject> all, int size)
    {
        size = request["MaxResults"]?.GetValue<int>() ?? size;
        var start = request.Text("NextToken") is { } token ? int.Parse(token, CultureInfo.InvariantCulture) : 0;
        var page = all.Skip(start).Take(size).ToArray<JsonNode>();
        var response = new JsonObject { [name] = new JsonArray(page) };
        if (start + page.Length < all.Count)
        {
            response["NextToken"] = (start + page.Length).ToString(CultureInfo.InvariantCulture);
        }

        return response;
    }
}
