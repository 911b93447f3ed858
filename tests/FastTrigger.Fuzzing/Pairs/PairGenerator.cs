namespace FastTrigger.Fuzzing.Pairs;

/// <summary>A pattern, and an event that was made of it, so that many match. A seed makes the same pair again.</summary>
internal sealed class PairGenerator
{
    private const int MaxDepth = 3, MaxAlternatives = 3, MaxChanges = 6;

    private static readonly string[] s_names = ["a", "b", "c", "d", "e", "ä", "a b", "x\"y", "", "名", "A"];

    private readonly Random _random;
    private readonly Spelling _spelling;
    private readonly TestMaker _tests;
    private int _ors;

    public PairGenerator(int seed)
    {
        _random = new(seed);
        _spelling = new(_random);
        _tests = new(_random, _spelling);
    }

    public Pair Next()
    {
        _ors = 0;
        var sketch = Object(0, s_names);
        var json = EventOf(sketch);
        if (_random.Next(4) > 0)
        {
            new EventMutation(_random, _tests, _spelling).Change(json, _random.Next(1, MaxChanges + 1));
        }

        return new(Dotted(Write(sketch), isPattern: true), Dotted(json, isPattern: false));
    }

    private PatternSketch Object(int depth, string[] names)
    {
        var free = new Stack<string>(Shuffled(names));
        var fields = new List<SketchField>();
        for (var count = _random.Next(1, 4); count > 0 && free.Count > 1; count--)
        {
            fields.Add(Field(free.Pop(), depth));
        }

        var sketch = new PatternSketch(fields, []);
        while (_ors < MaxAlternatives && free.Count > 2 && _random.Next(5) == 0)
        {
            _ors++;
            // All alternatives have the same names to choose from, because they exclude each other. No field outside may have one of them.
            string[] shared = [free.Pop(), free.Pop()];
            sketch.Alternatives.Add([.. Enumerable.Range(0, _random.Next(2, 4)).Select(_ => Object(depth + 1, shared))]);
            if (_random.Next(3) == 0)
            {
                fields.Clear();
            }

            // An object beside the $or may also stand in its alternatives, with other fields.
            foreach (var beside in fields.Where(field => field.Inside is not null && _random.Next(2) == 0))
            {
                foreach (var alternative in sketch.Alternatives[^1].Where(_ => _random.Next(3) > 0))
                {
                    alternative.Fields.Add(new(beside.Name, new([Field("in" + _ors, MaxDepth)], []), []));
                }
            }
        }

        return sketch;
    }

    private SketchField Field(string name, int depth) => depth < MaxDepth && _random.Next(3) == 0
        ? new(name, Object(depth + 1, s_names), [])
        : new(name, null, [.. Enumerable.Range(0, _random.Next(5) == 0 ? 2 : 1).Select(_ => _tests.Next())]);

    private JsonTree Write(PatternSketch sketch)
    {
        var fields = sketch.Fields.Select(field => (
            _spelling.Text(field.Name),
            field.Inside is { } inside ? Write(inside) : JsonTree.Array(field.Tests.Select(static test => test.Form.Copy()))));
        // Several $or in one object would be one name several times: each further one stands in the objects of the one before it.
        var or = sketch.Alternatives.Count == 0 ? null : JsonTree.Array(sketch.Alternatives[0].Select(Write));
        foreach (var choices in sketch.Alternatives.Skip(1))
        {
            Innermost(or!, choices);
        }

        return JsonTree.Object(Shuffled([.. fields, .. or is null ? [] : new[] { ("\"$or\"", or) }]));
    }

    private void Innermost(JsonTree or, List<PatternSketch> choices)
    {
        foreach (var alternative in or.Items!)
        {
            var inner = alternative.Members!.Find(static member => member.Name == "\"$or\"").Value;
            if (inner is null)
            {
                alternative.Members!.Add(("\"$or\"", JsonTree.Array(choices.Select(Write))));
            }
            else
            {
                Innermost(inner, choices);
            }
        }
    }

    private JsonTree EventOf(PatternSketch sketch)
    {
        var members = new List<(string, JsonTree)>();
        Fill(members, sketch);
        for (var extra = _random.Next(3); extra > 0; extra--)
        {
            members.Add((_spelling.Text("more" + extra), JsonTree.Of(_tests.Scalar())));
        }

        return JsonTree.Object(Shuffled([.. members]));
    }

    private void Fill(List<(string, JsonTree)> members, PatternSketch sketch)
    {
        foreach (var field in Chosen(sketch))
        {
            if (field.Inside is { } inside)
            {
                var value = EventOf(inside);
                if (value.Members!.Count > 0 || _random.Next(2) == 0)
                {
                    members.Add((_spelling.Text(field.Name), Among(value, () => Decoy(inside))));
                }
            }
            else if (field.Tests[_random.Next(field.Tests.Count)].Value() is { } scalar)
            {
                members.Add((_spelling.Text(field.Name), Among(JsonTree.Of(scalar), () => JsonTree.Of(_tests.Scalar()))));
            }
        }
    }

    /// <summary>The fields of one combination of alternatives; an object that stands in several places once.</summary>
    private List<SketchField> Chosen(PatternSketch sketch)
    {
        var fields = new List<SketchField>();
        foreach (var field in sketch.Fields.Concat(sketch.Alternatives.SelectMany(choices => Chosen(choices[_random.Next(choices.Count)]))))
        {
            var at = fields.FindIndex(one => one.Name == field.Name);
            if (at < 0)
            {
                fields.Add(field);
            }
            else if (fields[at].Inside is { } some && field.Inside is { } more)
            {
                var both = new PatternSketch([.. some.Fields, .. more.Fields], [.. some.Alternatives, .. more.Alternatives]);
                fields[at] = fields[at] with { Inside = both };
            }
        }

        return fields;
    }

    /// <summary>The value, or an array with it in which the others do not matter.</summary>
    private JsonTree Among(JsonTree value, Func<JsonTree> decoy)
    {
        if (_random.Next(3) > 0)
        {
            return value;
        }

        var items = Enumerable.Range(0, _random.Next(3)).Select(_ => decoy()).Append(value).ToArray();
        var array = JsonTree.Array(Shuffled(items));
        return _random.Next(4) == 0 ? JsonTree.Array(array) : array;
    }

    private JsonTree Decoy(PatternSketch sketch)
    {
        var decoy = EventOf(sketch);
        new EventMutation(_random, _tests, _spelling).Change(decoy, 1);
        return decoy;
    }

    /// <summary>Some objects inside others with their names joined by a dot.</summary>
    private JsonTree Dotted(JsonTree tree, bool isPattern)
    {
        foreach (var node in (isPattern ? ObjectsOf(tree) : tree.All).ToArray())
        {
            if (node.Members is null || _random.Next(4) > 0)
            {
                continue;
            }

            for (var i = 0; i < node.Members.Count; i++)
            {
                var (name, value) = node.Members[i];
                if (value.Members is { Count: > 0 } inside && !inside.Exists(static member => member.Name == "\"$or\""))
                {
                    node.Members.RemoveAt(i);
                    node.Members.InsertRange(i, inside.Select(member => ($"{name[..^1]}.{member.Name[1..]}", member.Value)));
                    i += inside.Count - 1;
                }
            }
        }

        return tree;
    }

    /// <summary>The objects of a pattern that have fields, and not an operator.</summary>
    private static IEnumerable<JsonTree> ObjectsOf(JsonTree pattern) => pattern.Members!
        .SelectMany(static member => member.Name == "\"$or\"" ? member.Value.Items! : member.Value.Members is null ? [] : [member.Value])
        .SelectMany(ObjectsOf)
        .Prepend(pattern);

    private T[] Shuffled<T>(T[] list)
    {
        T[] copy = [.. list];
        _random.Shuffle(copy);
        return copy;
    }
}

/// <summary>A pattern and an event.</summary>
internal sealed record Pair(JsonTree Pattern, JsonTree Event)
{
    public override string ToString() => $$"""{"pattern": {{Pattern}}, "event": {{Event}}}""";
}
