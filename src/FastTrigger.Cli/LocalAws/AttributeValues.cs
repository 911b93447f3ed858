using System.Globalization;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>DynamoDB's typed values, such as {"S": "text"}.</summary>
internal static class AttributeValues
{
    /// <exception cref="AwsError">A value has not exactly one type, or a number is none.</exception>
    public static void Check(JsonObject attributes)
    {
        foreach (var (_, value) in attributes)
        {
            Check(value!);
        }
    }

    /// <summary>The order of two values of one type.</summary>
    public static int Compare(string type, JsonNode left, JsonNode right)
    {
        var (a, b) = (left.ToString(), right.ToString());
        if (type != "N")
        {
            return string.CompareOrdinal(a, b);
        }

        return decimal.TryParse(a, NumberStyles.Float, CultureInfo.InvariantCulture, out var first)
            && decimal.TryParse(b, NumberStyles.Float, CultureInfo.InvariantCulture, out var second)
            ? first.CompareTo(second)
            : Number(a).CompareTo(Number(b));
    }

    private static void Check(JsonNode value)
    {
        var types = (JsonObject)value;
        if (types.Count != 1)
        {
            throw AwsError.Validation(types.Count == 0
                ? "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
                : "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes");
        }

        var (type, content) = types.First();
        switch (type)
        {
            case "N":
                CheckNumber(content!);
                break;
            case "NS":
                CheckSet(content!);
                foreach (var number in content!.AsArray())
                {
                    CheckNumber(number!);
                }

                break;
            case "SS" or "BS":
                CheckSet(content!);
                break;
            case "M":
                Check(content!.AsObject());
                break;
            case "L":
                foreach (var element in content!.AsArray())
                {
                    Check(element!);
                }

                break;
        }
    }

    private static void CheckSet(JsonNode set)
    {
        if (set.AsArray().Count == 0 || set.AsArray().Select(element => element!.ToString()).Distinct().Count() < set.AsArray().Count)
        {
            throw AwsError.Validation("One or more parameter values were invalid: A set has at least one value, and none twice");
        }
    }

    private static void CheckNumber(JsonNode text)
    {
        if (!double.IsFinite(Number(text.ToString())))
        {
            throw AwsError.Validation("The parameter cannot be converted to a numeric value: " + text);
        }
    }

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
