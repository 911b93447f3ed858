using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FastTrigger.Json;
using FastTrigger.Patterns;

namespace FastTrigger.Cli.Matching;

/// <summary>
/// Why an event does not match a pattern: every field that fails, in the order of the pattern. Of an array of objects the element that
/// comes nearest is looked into, because one element must have all that the pattern wants there (array consistency).
/// </summary>
/// <param name="text">The file of the pattern, in which the offsets of its nodes count.</param>
/// <param name="sent">The event as it was sent: in it names may have dots.</param>
internal sealed class PatternExplanation(byte[] text, JsonElement root, JsonElement sent)
{
    private readonly EventPart _event = new("", root);
    private readonly LeafTexts _texts = new LeafTexts().Begin(root);

    /// <summary>None when the event matches.</summary>
    /// <param name="json">The event as patterns see it.</param>
    /// <param name="sent">The event as it was sent.</param>
    public static IReadOnlyList<FailedField> Find(ObjectNode pattern, byte[] text, JsonElement json, JsonElement sent)
    {
        var explanation = new PatternExplanation(text, json, sent);
        return explanation.Describe(explanation.Walk(pattern, json, explanation._event, []));
    }

    /// <summary>The part of a pattern that an event does not match: from 0, for all of it matches, to 1.</summary>
    /// <param name="failed">The fields that fail.</param>
    public static double Distance(ObjectNode pattern, IReadOnlyList<FailedField> failed, JsonElement json) =>
        new PatternExplanation([], json, json).Distance(pattern, failed.Sum(field => field.Weight), json);

    private double Distance(ObjectNode node, int failed, JsonElement element) =>
        failed == 0 ? 0 : failed / (double)(failed + Right(node, element));

    /// <summary>
    /// How many fields match by a value, of `$or` in its best alternative and of an array in its best element. One that only asks for
    /// absence is no sign that this event is meant.
    /// </summary>
    private int Right(ObjectNode node, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return EventPart.Elements("", element).Select(one => Right(node, one.Value)).DefaultIfEmpty().Max();
        }

        var right = 0;
        foreach (var (_, utf8, child) in node.Fields)
        {
            var inner = element.Get(utf8);
            right += child is ObjectNode inside ? Right(inside, inner)
                : child.Matches(inner, _texts) && (!child.HoldsWhenAbsent || HasValue(inner)) ? 1
                : 0;
        }

        foreach (var alternatives in node.Alternatives)
        {
            right += alternatives.Max(alternative => Right(alternative, element));
        }

        return right;
    }

    private static bool HasValue(JsonElement json) => json.ValueKind != JsonValueKind.Undefined
        && EventPart.Elements("", json).Any(static one => one.Value.ValueKind != JsonValueKind.Object);

    private List<Failure> Walk(ObjectNode node, JsonElement element, EventPart part, string[] names)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return node.Matches(element, _texts) ? [] : Nearest(node, element, part, names);
        }

        var failures = new List<Failure>();
        foreach (var field in node.Fields)
        {
            var (name, utf8, child) = field;
            var inner = element.Get(utf8);
            if (child.Matches(inner, _texts))
            {
                continue;
            }

            string[] below = [.. names, name];
            if (child is ObjectNode inside)
            {
                failures.AddRange(Walk(inside, inner, part, below));
            }
            else
            {
                failures.Add(new(below, child, field.Offset, inner, part));
            }
        }

        foreach (var alternatives in node.Alternatives)
        {
            if (!Array.Exists(alternatives, alternative => alternative.Matches(element, _texts)))
            {
                var each = alternatives
                    .Select(alternative => (Node: alternative, Failures: Walk(alternative, element, part, names)))
                    .OrderBy(one => Distance(one.Node, Weight(one.Failures), element))
                    .ThenBy(one => Weight(one.Failures))
                    .Select(one => one.Failures);
                failures.Add(new([.. names, "$or"], alternatives[0], alternatives[0].Offset, default, part) { Alternatives = [.. each] });
            }
        }

        // The order of the pattern: a name with dots may have opened an object that goes on further down.
        return [.. failures.OrderBy(failure => failure.Offset)];
    }

    private List<Failure> Nearest(ObjectNode node, JsonElement array, EventPart part, string[] names)
    {
        var path = part.Path(names);
        var elements = EventPart.Elements(path, array).ToList();
        var isAbsence = node.HoldsWhenAbsent;
        return elements
            .Select(element => Walk(node, element.Value, new(element.Path, element.Value, array, path, elements.Count, isAbsence), []))
            // Where only absence is wanted, all elements must match, and those that do say nothing.
            .Where(failures => failures.Count > 0)
            .MinBy(Weight)
            // An empty array.
            ?? Walk(node, default, part, names);
    }

    private static int Weight(List<Failure> failures) =>
        failures.Sum(failure => failure.Alternatives.Count == 0 ? 1 : Weight(failure.Alternatives[0]));

    private List<FailedField> Describe(List<Failure> failures)
    {
        var described = new List<FailedField>();
        var said = "";
        foreach (var failure in failures)
        {
            var field = Describe(failure);
            // One thing that is near explains several fields in a row.
            described.Add(field.Hint == said ? field with { Hint = "" } : field);
            said = field.Hint;
        }

        return described;
    }

    private FailedField Describe(Failure failure)
    {
        var path = ShownJson.Name(failure.Part.Path(failure.Names));
        if (failure.Alternatives.Count > 0)
        {
            return new(path, "", "one of the alternatives", null, failure.Part.Note)
            {
                Alternatives = [.. failure.Alternatives.Select(Describe)],
            };
        }

        var wants = Wanted(failure.Offset);
        var isThere = failure.Has.ValueKind != JsonValueKind.Undefined;
        return new(
            path,
            ShownJson.Of(wants, ShownJson.MaxDocumentLength),
            WantedValue.Words(wants),
            isThere ? ShownJson.Of(Sent(failure), ShownJson.MaxDocumentLength) : null,
            new NearMiss(failure.Node, wants, failure.Names, failure.Has, failure.Part, _event, _texts).Hint());
    }

    /// <summary>What the event has there as its sender wrote it.</summary>
    private JsonElement Sent(Failure failure) => SentValue.Find(sent, failure.Part.Path(failure.Names)) ?? failure.Has;

    /// <summary>The list of a field, without the comments in it.</summary>
    /// <param name="offset">Where it stands.</param>
    private JsonElement Wanted(int offset)
    {
        var options = new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip };
        var reader = new Utf8JsonReader(text.AsSpan(offset), options);
        var written = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(written, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            JsonElement.ParseValue(ref reader).WriteTo(writer);
        }

        return JsonElement.Parse(written.WrittenSpan);
    }

    /// <param name="Names">From the part of the event on.</param>
    /// <param name="Node">The field; of `$or` its first alternative.</param>
    /// <param name="Offset">Where that stands in the text.</param>
    private sealed record Failure(string[] Names, PatternNode Node, int Offset, JsonElement Has, EventPart Part)
    {
        public IReadOnlyList<List<Failure>> Alternatives { get; init; } = [];
    }
}
