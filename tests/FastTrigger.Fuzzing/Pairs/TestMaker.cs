using System.Globalization;

namespace FastTrigger.Fuzzing.Pairs;

/// <summary>Makes tests of every operator, each with values that it matches.</summary>
internal sealed class TestMaker(Random random, Spelling spelling)
{
    private static readonly string[] s_letters =
    [
        "a", "b", "A", "B", "ab", "-", ".", "*", "\\", "/", "\"", "\n", " ", "é", "É", "ß", "ж", "Ж", "名", "😀", "\u0000", "1", "{", "ǆ",
        "ı", "I", "i", "ſ", "s", "\u212a", "k", "σ", "ς", "Σ", "ẞ", "\U00010400", "\U00010428",
    ];

    private static readonly string[] s_addresses =
    [
        "10.0.0.1", "10.0.0.255", "10.0.1.0", "192.168.7.9", "0.0.0.0", "255.255.255.255", "010.0.0.1", "10.0.0", "10.0.0.256", "10.0.0.1 ",
    ];

    private static readonly string[] s_longAddresses =
        ["2001:db8::1", "2001:db8:8000::", "::", "::1", "::ffff:10.0.0.1", "2001:DB8:0:0:0:0:0:1", "2001:db8:::1", "fe80::1%1", "1:2"];

    private delegate SketchTest Maker();

    public SketchTest Next()
    {
        Maker[] makers =
        [
            Exact, Exact, Exact, () => OfText("prefix"), () => OfText("suffix"), EqualsIgnoreCase, Wildcard, AnythingBut, AnythingButText,
            Numeric, Numeric, Exists, Exists, Cidr,
        ];
        return makers[random.Next(makers.Length)]();
    }

    /// <summary>Any scalar, as JSON.</summary>
    public string Scalar() => random.Next(8) switch
    {
        0 => "null",
        1 => "true",
        2 => "false",
        3 or 4 => Number(),
        5 => spelling.Text(Any(random.Next(2) == 0 ? s_addresses : s_longAddresses)),
        _ => spelling.Text(Text()),
    };

    private static SketchTest Operator(string name, JsonTree operand, Func<string?> value) =>
        new(JsonTree.Object(($"\"{name}\"", operand)), value);

    private SketchTest Exact()
    {
        if (random.Next(3) == 0)
        {
            var (digits, exponent) = Digits();
            return new(JsonTree.Of(spelling.Number(digits, exponent)), () => spelling.Number(digits, exponent));
        }

        if (random.Next(3) == 0)
        {
            var literal = Any(["null", "true", "false"]);
            return new(JsonTree.Of(literal), () => literal);
        }

        var text = Text();
        return new(Spelled(text), () => spelling.Text(text));
    }

    private SketchTest OfText(string name)
    {
        var text = Text();
        var form = Spelled(text);
        var ignoreCase = random.Next(3) == 0;
        form = ignoreCase ? JsonTree.Object(("\"equals-ignore-case\"", form)) : form;
        return Operator(name, form, () =>
        {
            var value = ignoreCase ? OtherCase(text) : text;
            return spelling.Text(name == "prefix" ? value + Text() : Text() + value);
        });
    }

    private SketchTest EqualsIgnoreCase()
    {
        var text = Text();
        return Operator("equals-ignore-case", Spelled(text), () => spelling.Text(OtherCase(text)));
    }

    private SketchTest Wildcard()
    {
        var parts = Parts();
        return Operator("wildcard", Spelled(AsWildcard(parts)), () => spelling.Text(string.Join(Text(), parts)));
    }

    private SketchTest AnythingBut()
    {
        if (random.Next(2) == 0)
        {
            var texts = Many(() => Spelled(Text()));
            return Operator("anything-but", texts, () => ScalarOr(texts));
        }

        var numbers = Many(() => JsonTree.Of(Limit().Text));
        return Operator("anything-but", numbers, () => ScalarOr(numbers));
    }

    private SketchTest AnythingButText()
    {
        var name = Any(["prefix", "suffix", "equals-ignore-case", "wildcard"]);
        var texts = Many(() => Spelled(name == "wildcard" ? AsWildcard(Parts()) : Text() + Any(s_letters)));
        return Operator("anything-but", JsonTree.Object(($"\"{name}\"", texts)), () => ScalarOr(texts));
    }

    /// <summary>Any scalar, or one of those that are listed.</summary>
    private string ScalarOr(JsonTree listed) =>
        random.Next(2) == 0 ? Scalar() : listed.Scalar ?? listed.Items![random.Next(listed.Items.Count)].Scalar!;

    private SketchTest Numeric()
    {
        var first = Limit();
        if (random.Next(2) == 0)
        {
            var name = Any(["=", "<", "<=", ">", ">="]);
            var step = name is "=" or "<=" or ">=" && random.Next(2) == 0 ? 0 : name[0] == '<' ? -1 : 1;
            var form = JsonTree.Array(Spelled(name), JsonTree.Of(first.Text));
            return Operator("numeric", form, () => Near(first.Value, name == "=" ? 0 : step));
        }

        var second = Limit();
        (first, second) = first.Value < second.Value ? (first, second) : (second, first);
        return first.Value == second.Value ? Numeric() : Operator(
            "numeric",
            JsonTree.Array(Spelled(Any([">", ">="])), JsonTree.Of(first.Text), Spelled(Any(["<", "<="])), JsonTree.Of(second.Text)),
            () => Written((first.Value + second.Value) / 2));
    }

    private SketchTest Exists()
    {
        var exists = random.Next(2) == 0;
        return Operator("exists", JsonTree.Of(exists ? "true" : "false"), () => exists ? Scalar() : null);
    }

    private SketchTest Cidr()
    {
        var isV6 = random.Next(2) == 0;
        var address = isV6 ? s_longAddresses[random.Next(6)] : s_addresses[random.Next(6)];
        var bits = random.Next(4) switch { 0 => random.Next(4), 1 => isV6 ? 127 : 31, _ => isV6 ? random.Next(128) : random.Next(32) };
        var inside = Any(isV6 ? s_longAddresses : s_addresses);
        return Operator("cidr", Spelled($"{address}/{bits}"), () => spelling.Text(random.Next(3) == 0 ? inside : address));
    }

    private JsonTree Many(Func<JsonTree> one) =>
        random.Next(3) == 0 ? one() : JsonTree.Array(Enumerable.Range(0, random.Next(1, 4)).Select(_ => one()).ToArray());

    private JsonTree Spelled(string text) => JsonTree.Of(spelling.Text(text));

    private string[] Parts()
    {
        var parts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Text()).ToArray();
        // Two stars side by side are refused.
        return [.. parts.Where((part, i) => part.Length > 0 || i == 0 || i == parts.Length - 1)];
    }

    private static string AsWildcard(string[] parts) => string.Join('*', parts.Select(static part =>
        part.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal)));

    private string Text() => string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => Any(s_letters)));

    private string OtherCase(string text) => string.Concat(text.Select(letter => random.Next(3) switch
    {
        0 => char.ToUpperInvariant(letter),
        1 => char.ToLowerInvariant(letter),
        _ => letter,
    }));

    private string Number()
    {
        var (digits, exponent) = Digits();
        return spelling.Number(digits, exponent);
    }

    private (long Digits, int Exponent) Digits() => random.Next(6) switch
    {
        0 => (random.NextInt64(long.MinValue + 1, long.MaxValue), random.Next(-30, 30)),
        1 => (random.Next(-9, 10), random.Next(-400, 400)),
        2 => (Any([9007199254740992, 9007199254740993, 5000000000, 5000000001, 1]), Any([0, 0, -6, -7])),
        _ => (random.Next(-12, 13), random.Next(-2, 3)),
    };

    /// <summary>A number that EventBridge compares: up to 5e9, with up to six decimals.</summary>
    private (decimal Value, string Text) Limit()
    {
        var (digits, exponent) = random.Next(4) switch
        {
            0 => (random.NextInt64(-5_000_000_000_000_000, 5_000_000_000_000_000), -6),
            1 => (Any([5L, -5L]), 9),
            _ => (random.Next(-12, 13), random.Next(-2, 3)),
        };
        return (digits * Power(exponent), spelling.Number(digits, exponent));
    }

    private string Near(decimal limit, int direction) =>
        Written(limit + (direction * Any([1m, 0.000001m, 0.1m, 100_000_000_000m])));

    private string Written(decimal value)
    {
        const int Decimals = 7;
        return spelling.Number((long)(value * Power(Decimals)), -Decimals);
    }

    private static decimal Power(int exponent) => decimal.Parse($"1e{exponent}", NumberStyles.Float, CultureInfo.InvariantCulture);

    private T Any<T>(T[] list) => list[random.Next(list.Length)];
}
