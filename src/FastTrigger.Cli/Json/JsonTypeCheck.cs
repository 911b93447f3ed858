using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FastTrigger.Json;

namespace FastTrigger.Cli.Json;

/// <summary>
/// Checks a file with the metadata and the attributes of the type that it is read as, so that each mistake has its place, and the type
/// alone states its keys.
/// </summary>
/// <param name="context">The metadata of all types of the file.</param>
/// <param name="problems">Gets every mistake.</param>
internal sealed class JsonTypeCheck(JsonSerializerContext context, JsonProblems problems)
{
    /// <summary>The texts that a type takes, such as the names of an enumeration; null for any.</summary>
    public Func<JsonTypeInfo, IReadOnlyList<string>?> TypeChoices { get; init; } = static _ => null;

    /// <summary>The texts that a property of a type takes beside those of its attribute; null for any.</summary>
    public Func<JsonTypeInfo, JsonPropertyInfo, IReadOnlyList<string>?> PropertyChoices { get; init; } = static (_, _) => null;

    /// <param name="what">What the value is, for messages.</param>
    public void Check(JsonNode node, JsonTypeInfo type, string what)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when Expect(node, node.IsObject, what, "an object"):
                CheckMembers(node, type, what);
                break;
            case JsonTypeInfoKind.Enumerable when Expect(node, node.IsArray, what, "a list"):
                var element = ElementOf(type);
                Array.ForEach(node.Items.ToArray(), item => Check(item, element, $"an entry of {what}"));
                break;
            case JsonTypeInfoKind.Dictionary when Expect(node, node.IsObject, what, "an object"):
                var value = ElementOf(type);
                Array.ForEach(node.Members.ToArray(), member => Check(member.Value, value, $"'{member.Name}' of {what}"));
                break;
            case JsonTypeInfoKind.None:
                CheckValue(node, type, what);
                break;
        }
    }

    private void CheckValue(JsonNode node, JsonTypeInfo type, string what)
    {
        var plain = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        if (TypeChoices(type) is { } choices)
        {
            CheckChoice(node, what, choices);
        }
        else if (plain == typeof(int))
        {
            var isNumber = node.Kind == JsonTokenType.Number && int.TryParse(node.Text, out var number) && number >= 0;
            Expect(node, isNumber, what, "a whole number that is not negative");
        }
        else if (plain == typeof(double))
        {
            Expect(node, node.Kind == JsonTokenType.Number, what, "a number");
        }
        else if (plain == typeof(bool))
        {
            Expect(node, node.Kind is JsonTokenType.True or JsonTokenType.False, what, "true or false");
        }
        else
        {
            Expect(node, node.IsString, what, "a text");
        }
    }

    private void CheckMembers(JsonNode node, JsonTypeInfo type, string what)
    {
        var names = type.Properties.Select(property => property.Name).ToList();
        foreach (var member in node.Members.ToArray().Where(member => member.Name != "$schema"))
        {
            if (type.Properties.FirstOrDefault(property => property.Name == member.Name) is { } property)
            {
                CheckMember(member, type, property);
            }
            else
            {
                var hint = NearName.Hint(member.Name, names, $"it takes {string.Join(", ", names)}");
                problems.Add(member.Offset, $"'{member.Name}' is no key of {what}; {hint}");
            }
        }

        foreach (var property in type.Properties.Where(property => property.IsRequired && node.Find(property.Name) is null))
        {
            problems.Add(node, $"{what} needs '{property.Name}'");
        }
    }

    private void CheckMember(JsonMember member, JsonTypeInfo type, JsonPropertyInfo property)
    {
        var what = $"'{member.Name}'";
        if ((ChoicesOf(property) ?? PropertyChoices(type, property)) is { } choices)
        {
            CheckChoice(member.Value, what, choices);
        }
        else if (Attribute<RegularExpressionAttribute>(property) is { } form
            && !(member.Value is { IsString: true, Text.Length: > 0 } && form.IsValid(member.Value.Text)))
        {
            problems.Add(member.Value, $"{what} is not right: {form.ErrorMessage}");
        }
        else if (Attribute<RangeAttribute>(property) is { } range)
        {
            CheckRange(member.Value, what, property.PropertyType, range);
        }
        else
        {
            Check(member.Value, context.GetTypeInfo(property.PropertyType)!, what);
        }
    }

    private void CheckRange(JsonNode node, string what, Type type, RangeAttribute range)
    {
        var isWhole = (Nullable.GetUnderlyingType(type) ?? type) == typeof(int);
        var (low, high) = (Convert.ToDouble(range.Minimum, null), Convert.ToDouble(range.Maximum, null));
        var isRight = node.Kind == JsonTokenType.Number
            && double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= low && number <= high
            && (!isWhole || int.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));
        var form = string.Create(CultureInfo.InvariantCulture, $"a {(isWhole ? "whole " : "")}number from {low} to {high}");
        Expect(node, isRight, what, form);
    }

    private void CheckChoice(JsonNode node, string what, IReadOnlyList<string> choices)
    {
        if (!node.IsString || !choices.Contains(node.Text))
        {
            var all = $"it takes {string.Join(", ", choices)}";
            var found = node.IsString ? $"\"{node.Text}\"" : node.KindName;
            problems.Add(node, $"{what} is {found}; {(node.IsString ? NearName.Hint(node.Text, choices, all) : all)}");
        }
    }

    private bool Expect(JsonNode node, bool isRight, string what, string form)
    {
        if (!isRight)
        {
            problems.Add(node, $"{what} takes {form}, not {(node.Text.Length > 0 && !node.IsString ? node.Text : node.KindName)}");
        }

        return isRight;
    }

    private JsonTypeInfo ElementOf(JsonTypeInfo type) => context.GetTypeInfo(type.Type.GetGenericArguments()[^1])!;

    /// <summary>The texts that a property takes; null for any.</summary>
    private static List<string>? ChoicesOf(JsonPropertyInfo property) =>
        Attribute<AllowedValuesAttribute>(property) is { } allowed ? [.. allowed.Values.Select(value => $"{value}")] : null;

    private static T? Attribute<T>(JsonPropertyInfo property)
        where T : class =>
        property.AttributeProvider?.GetCustomAttributes(typeof(T), true).FirstOrDefault() as T;
}
