using System.Text.Json;
using FastTrigger.Json;
using FastTrigger.Patterns;

namespace FastTrigger.Cli.Matching;

/// <summary>What is near where a field does not match: the right value written otherwise, or in another place.</summary>
/// <param name="node">The field of the pattern.</param>
/// <param name="wants">Its list of values and operators.</param>
/// <param name="names">The path from the part on.</param>
/// <param name="has">What the event has there; Undefined for nothing.</param>
/// <param name="texts">Reads the event's leaves.</param>
internal sealed class NearMiss(
    PatternNode node,
    JsonElement wants,
    string[] names,
    JsonElement has,
    EventPart part,
    EventPart whole,
    LeafTexts texts)
{
    private const int MaxPlaces = 3, MaxNames = 8;

    /// <summary>An event may have very many fields, and a hint is not worth long.</summary>
    private const int MaxSearched = 10_000;

    /// <summary>Empty when nothing is near.</summary>
    public string Hint()
    {
        var near = OtherElement() ?? (has.ValueKind == JsonValueKind.Undefined ? NearPlace() : OtherValue()) ?? "";
        return near.Length > 0 && part.Note.Length > 0 ? $"{near}; {part.Note}" : near + part.Note;
    }

    private string? OtherElement()
    {
        if (part.IsAbsence || part.Count == 1)
        {
            return null;
        }

        foreach (var (path, element) in EventPart.Elements(part.ArrayPath, part.Array))
        {
            if (EventPart.At(element, names) is { } value && node.Matches(value, texts))
            {
                return $"{ShownJson.Name(path)} has that";
            }
        }

        return null;
    }

    private string? OtherValue()
    {
        if (has.ValueKind == JsonValueKind.Object)
        {
            return "the event has an object there: name a field inside it";
        }

        if (has.ValueKind == JsonValueKind.Array && !EventPart.Elements("", has).Any())
        {
            return "an empty array has no value";
        }

        // Each wanted value is looked for in as many values of the event.
        var each = Math.Max(1, MaxSearched / wants.GetArrayLength());
        var leaves = EventPart.Elements("", has).Take(each).Select(static element => element.Value).ToList();
        var pairs = wants.EnumerateArray()
            .SelectMany(wanted => leaves.Select(leaf => (Wanted: wanted, Leaf: leaf)))
            .Take(MaxSearched)
            .ToList();
        return pairs.Select(static pair => NearValue.Hint(pair.Wanted, pair.Leaf)).FirstOrDefault(static near => near is not null)
            ?? pairs.Select(static pair => NearValue.PartHint(pair.Wanted, pair.Leaf)).FirstOrDefault(static near => near is not null);
    }

    private string? NearPlace() =>
        SameName(part) ?? (part == whole ? null : SameName(whole)) ?? NotObject() ?? SimilarName() ?? SameValue() ?? NamesThere();

    /// <summary>A value where the path goes on.</summary>
    private string? NotObject()
    {
        for (var count = 1; count < names.Length; count++)
        {
            if (EventPart.At(part.Json, names.AsSpan(0, count)) is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Array) } value)
            {
                return value.ValueKind == JsonValueKind.String && value.GetString()!.TrimStart().StartsWith('{')
                    ? $"the event has JSON as text at {Place(count)}, and a pattern does not look into text"
                    : $"the event has {NearValue.Kind(value.ValueKind)} at {Place(count)}, not an object";
            }
        }

        return null;
    }

    /// <summary>The field in another place: one that matches, else any.</summary>
    private string? SameName(EventPart within)
    {
        var found = EventPart.Members(within.Root, within.Json).Take(MaxSearched).Where(member => member.Name == names[^1]).ToList();
        var right = found.Find(member => node.Matches(member.Value, texts));
        return right.Path is not null
            ? $"the event has the field '{ShownJson.Name(names[^1])}' at {ShownJson.Name(right.Path)}, and it matches"
            : found.Count == 0 ? null
            : $"the event has '{ShownJson.Name(names[^1])}' at "
                + string.Join(", ", found.Take(MaxPlaces).Select(member => ShownJson.Name(member.Path)));
    }

    /// <summary>A wanted text in a field of another name.</summary>
    private string? SameValue()
    {
        var texts = wants.EnumerateArray().Where(wanted => wanted.ValueKind == JsonValueKind.String).Select(wanted => wanted.GetString());
        var wanted = texts.Where(text => text is { Length: > 1 }).ToHashSet();
        var found = wanted.Count == 0 ? default : EventPart.Members(whole.Root, whole.Json).Take(MaxSearched)
            .FirstOrDefault(member => member.Value.ValueKind == JsonValueKind.String && wanted.Contains(member.Value.GetString()));
        return found.Path is null ? null : $"the event has {ShownJson.Of(found.Value)} at {ShownJson.Name(found.Path)}";
    }

    /// <summary>A name of two letters more or less. A longer one that has this name inside it is hardly meant.</summary>
    private string? SimilarName() =>
        Leaving() is { } left
        && names[left.Count].Length > 2
        && NearName.Find(names[left.Count], left.Names.Where(name => Math.Abs(name.Length - names[left.Count].Length) <= 2)) is { } near
            ? $"{Place(left.Count)} has '{ShownJson.Name(near)}'"
            : null;

    private string? NamesThere()
    {
        if (Leaving() is not { Names.Count: > 0 } left)
        {
            return null;
        }

        var there = string.Join(", ", left.Names.Take(MaxNames).Select(ShownJson.Name));
        return $"{Place(left.Count)} has {there}{(left.Names.Count > MaxNames ? " and more" : "")}";
    }

    /// <summary>What a sentence calls the object that so much of the path leads to.</summary>
    private string Place(int count) => part.Path(names.AsSpan(0, count)) is { Length: > 0 } path ? ShownJson.Name(path) : "the event";

    /// <summary>How much of the path the event has, and the names that go on from there.</summary>
    private (int Count, List<string> Names)? Leaving()
    {
        for (var count = names.Length - 1; count >= 0; count--)
        {
            if (EventPart.At(part.Json, names.AsSpan(0, count)) is { ValueKind: JsonValueKind.Object } parent)
            {
                return (count, parent.EnumerateObject().Select(member => member.Name).ToList());
            }
        }

        return null;
    }
}
