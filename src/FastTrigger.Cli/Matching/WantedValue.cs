using System.Text.Json;

namespace FastTrigger.Cli.Matching;

/// <summary>What a field of a pattern wants, in words: its list of values and operators.</summary>
internal static class WantedValue
{
    private const int MaxTests = 8;

    /// <param name="tests">The list, which has no mistakes.</param>
    public static string Words(JsonElement tests)
    {
        var words = string.Join(" or ", tests.EnumerateArray().Take(MaxTests).Select(Test));
        var left = tests.GetArrayLength() - MaxTests;
        return left > 0 ? $"{words} or {left} more" : words;
    }

    private static string Test(JsonElement test)
    {
        if (test.ValueKind != JsonValueKind.Object)
        {
            return ShownJson.Of(test);
        }

        var (name, value) = Only(test);
        return name switch
        {
            "prefix" => $"text that starts with {Text(value)}",
            "suffix" => $"text that ends with {Text(value)}",
            "equals-ignore-case" => $"{ShownJson.Of(value)} in upper or lower case",
            "wildcard" => $"text like {ShownJson.Of(value)}",
            "cidr" => $"an address in {ShownJson.Name(value.GetString()!)}",
            "numeric" => $"a number {Range(value)}",
            "exists" => value.GetBoolean() ? "any value" : "no value",
            _ => AnythingBut(value),
        };
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? $"{ShownJson.Of(Only(value).Value)} in upper or lower case"
        : ShownJson.Of(value);

    private static string Range(JsonElement value) => string.Join(
        " and ",
        value.EnumerateArray().Chunk(2).Select(comparison => $"{comparison[0].GetString()} {ShownJson.Of(comparison[1])}"));

    private static string AnythingBut(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return $"anything but {List(value)}";
        }

        var (name, inner) = Only(value);
        return name switch
        {
            "prefix" => $"anything that does not start with {List(inner)}",
            "suffix" => $"anything that does not end with {List(inner)}",
            "wildcard" => $"anything that is not like {List(inner)}",
            _ => $"anything but {List(inner)} in upper or lower case",
        };
    }

    private static string List(JsonElement value) => value.ValueKind != JsonValueKind.Array
        ? ShownJson.Of(value)
        : string.Join(" or ", value.EnumerateArray().Take(MaxTests).Select(one => ShownJson.Of(one)))
            + (value.GetArrayLength() > MaxTests ? $" or {value.GetArrayLength() - MaxTests} more" : "");

    private static (string Name, JsonElement Value) Only(JsonElement value)
    {
        var member = value.EnumerateObject().First();
        return (member.Name, member.Value);
    }
}
