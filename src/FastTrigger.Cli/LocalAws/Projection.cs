using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FastTrigger.Cli.LocalAws;

/// <summary>The attributes that GetItem returns: ProjectionExpression, or AttributesToGet, which it has replaced.</summary>
internal static partial class Projection
{
    /// <summary>The names of the attributes; null for all.</summary>
    public static List<string>? Read(JsonObject request)
    {
        var names = request["ExpressionAttributeNames"] as JsonObject;
        if (request.Text("ProjectionExpression") is not { } expression)
        {
            return names is not null
                ? throw AwsError.Validation("ExpressionAttributeNames can only be specified when using expressions")
                : request["AttributesToGet"] is null ? null : request.List("AttributesToGet");
        }

        if (request["AttributesToGet"] is not null)
        {
            throw AwsError.Validation("Can not use both expression and non-expression parameters in the same request: "
                + "Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}");
        }

        var paths = expression.Split(',', StringSplitOptions.TrimEntries);
        if (Array.Find(paths, path => !Name().IsMatch(path)) is { } other)
        {
            throw AwsError.Validation($"Invalid ProjectionExpression: the local dynamodb supports names of attributes, not '{other}'");
        }

        if (names?.Select(name => name.Key).FirstOrDefault(name => !paths.Contains(name)) is { } unused)
        {
            throw AwsError.Validation($"Value provided in ExpressionAttributeNames unused in expressions: keys: {{{unused}}}");
        }

        return [.. paths.Select(path => path[0] != '#' ? path : names?.Text(path) ?? throw AwsError.Validation(
            "Invalid ProjectionExpression: An expression attribute name used in the document path is not defined; "
            + $"attribute name: {path}"))];
    }

    public static JsonObject Apply(List<string>? names, JsonObject item) =>
        new(item
            .Where(attribute => names is null || names.Contains(attribute.Key))
            .Select(attribute => KeyValuePair.Create(attribute.Key, attribute.Value?.DeepClone())));

    [GeneratedRegex("^#?[A-Za-z0-9_]+$")]
    private static partial Regex Name();
}
