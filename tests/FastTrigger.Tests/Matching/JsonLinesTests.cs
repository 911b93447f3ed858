using FastTrigger.Cli.Matching;

namespace FastTrigger.Tests.Matching;

/// <summary>Events one after the other: what is one, where it is broken, and that the rest goes on.</summary>
public sealed class JsonLinesTests
{
    [Theory]
    [InlineData("""{"a":1}|{"b":"}\"{"}|""", """1 {"a":1}""", """2 {"b":"}\"{"}""")]
    [InlineData("""{"a":1}||  |[2]""", """1 {"a":1}""", "4 [2]")]
    [InlineData("{|  \"a\": [|  1|  ]|}|{\"b\":2}", "1 {  \"a\": [  1  ]}", """6 {"b":2}""")]
    [InlineData("[|{\"a\":1},|{\"b\":2}|]", """1 [{"a":1},{"b":2}]""")]
    [InlineData("[|{\"a\":1}|,|{\"b\":2}|]|5", """1 [{"a":1},{"b":2}]""", "6 5")]
    [InlineData("[|{\"a\":|{\"b\":2}}, |{\"c\":3}|]", """1 [{"a":{"b":2}}, {"c":3}]""")]
    [InlineData("{\"Records\":[|{\"a\":1},|{\"b\":2}|]}|5", """1 {"Records":[{"a":1},{"b":2}]}""", "5 5")]
    [InlineData("{\"a\":|{\"b\":2}|}", """1 {"a":{"b":2}}""")]
    [InlineData("{\"a\":[|[1],|[2]|],|\"b\":|[3]|}", """1 {"a":[[1],[2]],"b":[3]}""")]
    [InlineData("5|\"x\"|null", "1 5", "2 \"x\"", "3 null")]
    [InlineData("\ufeff{\"a\":1}", """1 {"a":1}""")]
    public void Each_value_is_an_event(string text, params string[] expected) => Assert.Equal(expected, Read(text));

    [Theory]
    [InlineData("""{"a":1|{"b":2}""", "f:1:1: this { is not closed: a } is missing", """2 {"b":2}""")]
    [InlineData("""{"a":|{"b":2}""", "f:1:1: this { is not closed: a } is missing", """2 {"b":2}""")]
    [InlineData("""[{"a":1}|{"b":2}|{"c":3}""", "f:1:1: this [ is not closed: a ] is missing", """2 {"b":2}""", """3 {"c":3}""")]
    [InlineData("""[1|[2]|[3]""", "f:1:1: this [ is not closed: a ] is missing", "2 [2]", "3 [3]")]
    [InlineData("""[[1], |[2]|{"b":2}""", "f:1:1: this [ is not closed: a ] is missing", "2 [2]", """3 {"b":2}""")]
    [InlineData("""{"a":|{"b":2}|{"c":3}""", "f:1:1: this { is not closed: a } is missing", """2 {"b":2}""", """3 {"c":3}""")]
    [InlineData("""[|{"a":1},|{"b":2}""", "f:1:1: this [ is not closed: a ] is missing", """3 {"b":2}""")]
    [InlineData("""[|[1]|,|[|[2]|,""", "f:1:1: ", "2 [1]", "f:3:1: ", "f:4:1: ", "5 [2]", "f:6:1: ")]
    [InlineData("""{"a":"cut|{"b":2}""", "f:1:6: this string", """2 {"b":2}""")]
    [InlineData("""{"a":1}}|{"b":2}""", "f:1:8: nothing is open here", """2 {"b":2}""")]
    [InlineData("""{"a":1}{"b":2}|{"c":3}""", "f:1:8: the file goes on after its end", """2 {"c":3}""")]
    [InlineData("nonsense|{\"b\":2}", "f:1:1: ", """2 {"b":2}""")]
    [InlineData("{|  \"a\": 1|  \"b\": 2|}|{\"c\":3}", "f:2:9: a comma is missing here", """5 {"c":3}""")]
    [InlineData("{|  \"a\": \"x|  \"b\": 2|}|{\"c\":3}", "f:2:8: this string", """5 {"c":3}""")]
    [InlineData("""{"a":"\ud800"}|{"b":2}""", "f:1:7: half of a surrogate pair is not a character", """2 {"b":2}""")]
    [InlineData("""{"b":2}|{"a":""", """1 {"b":2}""", "f:2:1: this { is not closed")]
    public void A_broken_event_is_named_with_its_place_and_the_others_go_on(string text, params string[] expected)
    {
        var read = Read(text);
        Assert.Equal(expected.Length, read.Count);
        Assert.All(read.Zip(expected), pair => Assert.StartsWith(pair.Second, pair.First, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"a\":1}|broken|\"y\"|5|garbage2|{\"b\":2}", "1 {\"a\":1}", "f:2:1: ", "3 \"y\"", "4 5", "f:5:1: ", "6 {\"b\":2}")]
    [InlineData("{\"a\":\"cut|5|worse|{\"b\":2}", "f:1:6: this string", "2 5", "f:3:1: ", "4 {\"b\":2}")]
    [InlineData("INFO {a|5|{\"b\":2}", "f:1:1: ", "2 5", "3 {\"b\":2}")]
    [InlineData("{|  \"a\": \"x|  \"b\": 2|}|5", "f:2:8: this string", "5 5")]
    public void Every_line_is_part_of_an_event_or_of_a_mistake_that_is_named(string text, params string[] expected)
    {
        var read = Read(text);
        Assert.Equal(expected.Length, read.Count);
        Assert.All(read.Zip(expected), pair => Assert.StartsWith(pair.Second, pair.First, StringComparison.Ordinal));
    }

    [Fact]
    public void However_a_value_is_broken_into_lines_it_is_one_event_and_cut_off_it_takes_no_other_with_it()
    {
        const string Value = """{"a":[{"b":1},[2]],"d":{}}""";
        var places = Value.Index().Where(letter => letter.Item is '{' or '[' or ':' or ',').Select(letter => letter.Index + 1).ToArray();
        for (var chosen = 0; chosen < 1 << places.Length; chosen++)
        {
            var text = Value;
            for (var i = places.Length - 1; i >= 0; i--)
            {
                text = (chosen >> i & 1) == 1 ? text.Insert(places[i], "|") : text;
            }

            Assert.Equal([$"1 {Value}"], Read(text));
            var lines = text.Split('|');
            for (var count = 1; count < lines.Length; count++)
            {
                var read = Read($"{string.Join('|', lines[..count])}|{{\"y\":1}}|{{\"z\":2}}");
                Assert.Equal([$"{count + 1} {{\"y\":1}}", $"{count + 2} {{\"z\":2}}"], read.TakeLast(2));
            }
        }
    }

    [Fact]
    public void What_is_too_long_for_Lambda_is_named_and_not_kept()
    {
        var line = $"{{\"a\":\"{new string('x', 7 * 1024 * 1024)}\"}}";
        var lines = $"{{\n{string.Concat(Enumerable.Repeat($"\"a\":\"{new string('x', 1024 * 1024)}\",\n", 8))}}}";
        Assert.Equal(
            [
                "f:1: it has over 6 MB, which is the most that Lambda takes",
                "f:2: it has over 6 MB, which is the most that Lambda takes",
                "12 5",
                "13 {\"b\":2}",
            ],
            Read($"{line}\n{lines}\n5\n{{\"b\":2}}"));
    }

    /// <summary>The line and the text of each event, or its problem.</summary>
    private static List<string> Read(string text)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(text.Replace('|', '\n')));
        return
        [
            .. JsonLines.Read(input, "f").Select(one => one.Problem
                ?? $"{one.Name[2..]} {Encoding.UTF8.GetString(one.Payload.Span).Replace("\n", "", StringComparison.Ordinal)}"),
        ];
    }
}
