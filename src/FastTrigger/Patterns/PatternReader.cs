using System.Text;
using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Patterns;

/// <summary>
/// Reads an EventBridge event pattern into the tree that matches events. What EventBridge refuses is a mistake
/// (docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html).
/// </summary>
internal sealed class PatternReader
{
    public const string Deeper = "has both values and fields inside it; keep what your events have";

    private const string Twice = "is named twice, and EventBridge takes the last and ignores the other";

    /// <summary>An event is looked into as deep as that, also where its names have dots.</summary>
    private const int MaxNames = EventJson.MaxDepth - 1;

    /// <summary>How many nodes are remembered; a power of two.</summary>
    private const int MaxShared = 64;

    private readonly JsonProblems _problems;

    /// <summary>Nodes that want one text alone, by its hash. Many patterns of a file want the same source or type.</summary>
    private readonly FieldNode?[] _shared = new FieldNode?[MaxShared];

    private bool _hasAlternatives;

    /// <param name="problems">Gets the mistakes of all patterns that it reads.</param>
    public PatternReader(JsonProblems problems) => _problems = problems;

    /// <summary>One pattern: null when it has mistakes; <paramref name="problems"/> has all of them.</summary>
    public static ObjectNode? Read(JsonNode pattern, JsonProblems problems) => new PatternReader(problems).Read(pattern);

    /// <summary>The same for one of many patterns.</summary>
    public ObjectNode? Read(JsonNode pattern)
    {
        if (!pattern.IsObject)
        {
            _problems.Add(pattern, $"an event pattern is an object, not {pattern.KindName}");
            return null;
        }

        var before = _problems.Found.Count;
        _hasAlternatives = false;
        var node = ReadObject(pattern, new() { Offset = pattern.Offset }, isAlternative: false);
        if (_hasAlternatives)
        {
            Alternatives.Check(node, _problems);
        }

        if (_problems.Found.Count > before)
        {
            return null;
        }

        if (_hasAlternatives)
        {
            node.JoinAlternatives();
        }

        return node;
    }

    private ObjectNode ReadObject(JsonNode source, ObjectNode target, bool isAlternative)
    {
        if (source.Members.Length == 0)
        {
            _problems.Add(source, "an empty object in a pattern matches nothing; name a field");
        }

        foreach (var member in source.Members)
        {
            if (member.Name == "$or")
            {
                ReadAlternatives(member.Value, target);
            }
            else if (isAlternative && OperatorReader.IsReserved(member.Name))
            {
                _problems.Add(
                    member.Offset,
                    $"'{member.Name}' is reserved for an operator, and cannot be a field inside $or; name a field first");
            }
            else
            {
                ReadField(member, target, source.Members.Length, isAlternative);
            }
        }

        return target;
    }

    private void ReadField(JsonMember member, ObjectNode target, int capacity, bool isAlternative)
    {
        var value = member.Value;
        if (!value.IsObject && !value.IsArray)
        {
            _problems.Add(
                value,
                $"'{member.Name}' in a pattern takes an array of values or an object, not {value.KindName}; write [{AsJson(value)}]");
            return;
        }

        // "a.b" means field b inside field a, and both spellings may stand in one pattern.
        var name = member.Name;
        for (var dot = name.IndexOf('.'); dot >= 0 && target.Depth < MaxNames; dot = name.IndexOf('.'))
        {
            if (Enter(target, name[..dot], member, capacity: 1) is not { } inner)
            {
                return;
            }

            (target, name) = (inner, name[(dot + 1)..]);
        }

        if (target.Depth >= MaxNames)
        {
            _problems.Add(member.Offset, $"a field stands under at most {MaxNames} names, counting the dots in them");
        }
        else if (value.IsObject)
        {
            if (Enter(target, name, member, capacity) is { } inner)
            {
                ReadObject(value, inner, isAlternative);
            }
        }
        else if (target.Find(name) is { } other)
        {
            Conflict(member, target, name, other is FieldNode ? Twice : Deeper);
        }
        else
        {
            target.Add(new(KeyOf(name, member), ReadTests(value), value.Offset), capacity);
        }
    }

    /// <summary>The object of this name; null, with the problem, when the pattern also has values in its place.</summary>
    private ObjectNode? Enter(ObjectNode target, string name, JsonMember member, int capacity)
    {
        var found = target.Find(name);
        if (found is null)
        {
            var key = KeyOf(name, member);
            var inner = new ObjectNode(target, key.Utf8) { Offset = member.Offset };
            target.Add(new(key, inner, member.Offset), capacity);
            return inner;
        }

        if (found is not ObjectNode known)
        {
            Conflict(member, target, name, Deeper);
            return null;
        }

        return known;
    }

    private static JsonName KeyOf(string name, JsonMember member) =>
        name.Length == member.Name.Length ? member.Key : new(name, Encoding.UTF8.GetBytes(name));

    /// <param name="target">The object that has the name already.</param>
    private void Conflict(JsonMember member, ObjectNode target, string name, string problem)
    {
        // A key that is given twice has been reported.
        if (!_problems.HasAt(member.Offset))
        {
            _problems.Add(member.Offset, $"'{member.Name}' {problem}; the other is at {_problems.Place(target.OffsetOf(name))}");
        }
    }

    private void ReadAlternatives(JsonNode source, ObjectNode target)
    {
        var items = source.Items.ToArray();
        if (items.Length < 2 || !Array.TrueForAll(items, static item => item.IsObject))
        {
            _problems.Add(source, "$or takes an array of at least two objects");
            return;
        }

        _hasAlternatives = true;
        target.AddAlternatives(Array.ConvertAll(
            items,
            item => ReadObject(item, new(target, name: null) { Offset = item.Offset }, isAlternative: true)));
    }

    private FieldNode ReadTests(JsonNode source)
    {
        if (source.Items.Length == 0)
        {
            _problems.Add(source, "an empty array in a pattern matches nothing; list a value");
        }
        else if (source.Items is { Length: 1, First: { IsString: true } text })
        {
            return ReadText(text);
        }

        var tests = new ValueTest[source.Items.Length];
        var isWhole = true;
        var i = 0;
        foreach (var item in source.Items)
        {
            if (item.IsArray)
            {
                _problems.Add(item, "a value in a pattern is not an array");
            }
            else if (item.Kind == JsonTokenType.Number && !Numbers.IsExact(item.Utf8))
            {
                _problems.Add(item, "a number in a pattern has an exponent from -1000000000 to 1000000000");
            }

            // Where one is missing, the pattern is refused.
            tests[i] = item.IsArray ? null! : item.IsObject ? OperatorReader.Read(item, _problems)! : new ExactTest(item);
            isWhole &= tests[i++] is not null;
        }

        return new(isWhole ? tests : []);
    }

    private FieldNode ReadText(JsonNode node)
    {
        ReadOnlySpan<byte> text = node.Utf8;
        ref var known = ref _shared[(int)(FieldProbe.Hash(text) & (MaxShared - 1))];
        var isKnown = known?.Tests[0] is ExactTest test && test.Text.SequenceEqual(text);
        return isKnown ? known! : known = new([new ExactTest(node)]);
    }

    private static string AsJson(JsonNode value)
    {
        if (value.IsString)
        {
            var text = new ByteBuffer();
            new JsonBuilder(text).Text(value.Text);
            return text.ToString();
        }

        return value.Text.Length > 0 ? value.Text : value.Kind.ToString().ToLowerInvariant();
    }
}
