using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FastTrigger.Cli.Json;
using FastTrigger.Cli.LocalAws.Models;
using FastTrigger.Json;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// Reads a world file. Its keys and values are checked with the metadata of <see cref="WorldFile"/>, so that each mistake has its place.
/// </summary>
internal static class WorldReader
{
    /// <summary>The operations that can have a fault: those of the local services, and the response to CloudFormation.</summary>
    private static readonly Lazy<List<string>> s_operations =
        new(() => [.. ServiceModel.Names.SelectMany(name => ServiceModel.Load(name).Operations), LocalResponseUrl.Operation]);

    /// <exception cref="InvalidDataException">The file has mistakes. The message has all of them.</exception>
    public static WorldFile Load(string path)
    {
        var text = JsonText.Decode(File.ReadAllBytes(path));
        var problems = new JsonProblems(path, text);
        return Read(text, problems) ?? throw new InvalidDataException(problems.ToString());
    }

    /// <summary>Null, with every mistake, when the file is not right.</summary>
    /// <param name="text">The file without a byte order mark.</param>
    public static WorldFile? Read(byte[] text, JsonProblems problems)
    {
        if (JsonNodeReader.Read(text, problems) is not { } root)
        {
            JsonText.Explain(text, problems);
            return null;
        }

        Check(root, WorldJson.Default.WorldFile, "a world file", problems);
        return problems.Any ? null : JsonSerializer.Deserialize(text, WorldJson.Default.WorldFile);
    }

    private static void Check(JsonNode node, JsonTypeInfo type, string what, JsonProblems problems)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when Expect(node, node.IsObject, what, "an object", problems):
                CheckMembers(node, type, what, problems);
                break;
            case JsonTypeInfoKind.Enumerable when Expect(node, node.IsArray, what, "a list", problems):
                var element = ElementOf(type);
                Array.ForEach(node.Items.ToArray(), item => Check(item, element, $"an entry of {what}", problems));
                break;
            case JsonTypeInfoKind.Dictionary when Expect(node, node.IsObject, what, "an object", problems):
                var value = ElementOf(type);
                Array.ForEach(node.Members.ToArray(), member => Check(member.Value, value, $"'{member.Name}' of {what}", problems));
                break;
            case JsonTypeInfoKind.None when type.Type == typeof(FaultKind):
                CheckChoice(node, what, FaultKinds(), problems);
                break;
            case JsonTypeInfoKind.None when type.Type == typeof(int) || type.Type == typeof(int?):
                var isNumber = node.Kind == JsonTokenType.Number && int.TryParse(node.Text, out var number) && number >= 0;
                Expect(node, isNumber, what, "a whole number that is not negative", problems);
                break;
            case JsonTypeInfoKind.None:
                Expect(node, node.IsString, what, "a text", problems);
                break;
        }
    }

    private static void CheckMembers(JsonNode node, JsonTypeInfo type, string what, JsonProblems problems)
    {
        var names = type.Properties.Select(property => property.Name).ToList();
        foreach (var member in node.Members.ToArray().Where(member => member.Name != "$schema"))
        {
            if (type.Properties.FirstOrDefault(property => property.Name == member.Name) is not { } property)
            {
                var hint = NearName.Hint(member.Name, names, $"it takes {string.Join(", ", names)}");
                problems.Add(member.Offset, $"'{member.Name}' is no key of {what}; {hint}");
            }
            else if (ChoicesOf(property) is { } choices)
            {
                CheckChoice(member.Value, $"'{member.Name}'", choices, problems);
            }
            else if (type.Type == typeof(Fault) && property.PropertyType == typeof(string) && property.Name == "operation")
            {
                CheckChoice(member.Value, $"'{member.Name}'", s_operations.Value, problems);
            }
            else if (Attribute<RegularExpressionAttribute>(property) is { } form
                && !(member.Value is { IsString: true, Text.Length: > 0 } && form.IsValid(member.Value.Text)))
            {
                problems.Add(member.Value, $"'{member.Name}' is not right: {form.ErrorMessage}");
            }
            else
            {
                Check(member.Value, WorldJson.Default.GetTypeInfo(property.PropertyType)!, $"'{member.Name}'", problems);
            }
        }

        foreach (var property in type.Properties.Where(property => property.IsRequired && node.Find(property.Name) is null))
        {
            problems.Add(node, $"{what} needs '{property.Name}'");
        }
    }

    private static void CheckChoice(JsonNode node, string what, IReadOnlyList<string> choices, JsonProblems problems)
    {
        if (!node.IsString || !choices.Contains(node.Text))
        {
            var all = $"it takes {string.Join(", ", choices)}";
            var found = node.IsString ? $"\"{node.Text}\"" : node.KindName;
            problems.Add(node, $"{what} is {found}; {(node.IsString ? NearName.Hint(node.Text, choices, all) : all)}");
        }
    }

    private static bool Expect(JsonNode node, bool isRight, string what, string form, JsonProblems problems)
    {
        if (!isRight)
        {
            problems.Add(node, $"{what} takes {form}, not {(node.Text.Length > 0 && !node.IsString ? node.Text : node.KindName)}");
        }

        return isRight;
    }

    private static JsonTypeInfo ElementOf(JsonTypeInfo type) => WorldJson.Default.GetTypeInfo(type.Type.GetGenericArguments()[^1])!;

    /// <summary>The texts that a property takes; null for any.</summary>
    private static List<string>? ChoicesOf(JsonPropertyInfo property) =>
        Attribute<AllowedValuesAttribute>(property) is { } allowed ? [.. allowed.Values.Select(value => $"{value}")] : null;

    private static T? Attribute<T>(JsonPropertyInfo property)
        where T : class =>
        property.AttributeProvider?.GetCustomAttributes(typeof(T), true).FirstOrDefault() as T;

    private static List<string> FaultKinds() =>
        [.. Enum.GetValues<FaultKind>().Select(kind => JsonSerializer.SerializeToElement(kind, WorldJson.Default.FaultKind).GetString()!)];
}
