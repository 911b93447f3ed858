using System.Runtime.InteropServices;
using FastTrigger.Fuzzing;
using FastTrigger.Json;
using FastTrigger.Tests.Fuzzing;

namespace FastTrigger.Tests.Json;

/// <summary>A file that a person writes is read exactly as Utf8JsonReader reads it, with comments.</summary>
public sealed class JsonNodeReaderTests
{
    private static readonly string[] s_parts =
    [
        "//", "/*", "*/", "/", "/**/", "// \n", "//\r", "\u2028", "\"", "\\", "\\u", "\\u00e4", "\\ud83d\\ude00", "\\/", "\\x", "\n",
        "\t", "\0", "\u001f",
        "\u007f", "\uFEFF", " ", ",", ":", "{", "}", "[", "]", "true", "fals", "null", "-", "0", "01", "1.", ".5", "1e", "1E+5",
        "-0.0e-0", "e", "+",
    ];

    public static TheoryData<string> Texts =>
    [
        "", " ", "\uFEFF", "\uFEFF{}", "\uFEFF\uFEFF{}", "{}", "[]", "{} ", "{}{}", "[1,]", "[,1]", "[1 2]", "{\"a\":1,}", "{,}",
        "{\"a\"}", "{\"a\":}",
        "{\"a\" : 1}", "{a:1}", "{\"a\":1 \"b\":2}", "[}", "{]", "]", ",", ":", "\"a", "\"", "\"\\", "\"\\\"", "\"\\u12\"",
        "\"\\u12g4\"", "\"\\u+123\"",
        "\"\\q\"", "\"\\\\\\/\\b\\f\\n\\r\\t\\\"\"", "\"a\tb\"", "\"a\nb\"", "\"\u007f\u0080\"", "tru", "truex", "true", "True", "nul",
        "false false",
        "0", "-0", "00", "01", "-", "--1", "+1", "1.", ".1", "1.5", "1.e5", "1e5", "1E+5", "1e-", "1e5.5", "1x", "0x1",
        "123456789012345678901234567890",
        "[1/**/,/**/2]", "[/**/]", "{/**/}", "{/**/\"a\":/**/1/**/,/**/\"b\":2/**/}", "{\"a\"/**/:1}", "{\"a\" /**/ :1}", "[1,/**/]",
        "[1 /*,*/ ]",
        "// a", "// a\n1", "// a\r1", "1 // a", "1 /* a", "1 /*/", "1 /**/", "1 /***/", "1 /* * / */", "1 / 2", "1 /", "/**/", "/ /1",
        "1 // a\u2028b",
        "1 // a\u2029", "1 /* \u2028 */", "// \u2028\n1", "\v1", "\f1", "\u00a01", "1\0", "[\"0123456789abcdef\\n0123456789abcdef\"]",
        "[\"0123456789abcde\\\"\"]", "{\"a\":1,\"a\":2}", "{\"\":0,\"\\u0061\":1,\"a\":2}", "{\"a\":1,\"a\"/2}", "{\"a\":1,\"a\":",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_is_read_as_Utf8JsonReader_reads_it(string text) => Compare(Encoding.UTF8.GetBytes(text));

    [Theory]
    [MemberData(nameof(Texts))]
    public void Its_beginning_is_read_as_Utf8JsonReader_reads_it(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var length = 0; length < bytes.Length; length++)
        {
            // What follows the text belongs to another.
            Compare(bytes.AsMemory(0, length));
            Compare(bytes.AsMemory(length));
        }
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void A_depth_of_256_is_read_and_257_is_not_C1_1(char open, char close)
    {
        var (first, next) = open == '[' ? ("[", "[") : ("{", "\"a\":{");
        foreach (var levels in (int[])[255, 256, 257])
        {
            var text = first + string.Concat(Enumerable.Repeat(next, levels - 1)) + new string(close, levels);
            var problems = Compare(Encoding.UTF8.GetBytes(text));
            Assert.Equal(levels > EventJson.MaxDepth, problems.Contains("nested deeper than 256 levels", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(FuzzSeeds.All), MemberType = typeof(FuzzSeeds))]
    public void Any_text_is_read_as_Utf8JsonReader_reads_it(int seed, int rounds)
    {
        byte[][] seeds = [.. FuzzTargets.Find("routes").Seeds, .. Texts.Select(text => Encoding.UTF8.GetBytes(text.Data))];
        var mutator = new Mutator(seeds, seed, isJson: false, s_parts);
        for (var round = 0; round < 10 * rounds; round++)
        {
            Compare(mutator.Next());
        }
    }

    /// <summary>The problems.</summary>
    private static string Compare(ReadOnlyMemory<byte> text)
    {
        var problems = new JsonProblems("file", text);
        var node = JsonNodeReader.Read(text, problems);
        if (EventJson.FindInvalidUtf8(text.Span) >= 0 || EventJson.FindLoneSurrogate(text.Span) >= 0)
        {
            Assert.Null(node);
            return problems.ToString();
        }

        var start = text.Span.StartsWith("\uFEFF"u8) ? 3 : 0;
        var shown = Encoding.UTF8.GetString(text.Span);
        var expected = Reference(text[start..], out var mistake);
        Assert.True(expected is not null == node is not null, $"{(node is null ? "refused" : "taken")}: {shown}");
        if (expected is null)
        {
            // The last one is where Utf8JsonReader stopped; before it stand the names that are given twice.
            Assert.Contains(problems.Found, problem => $"{problem.Line}:{problem.Column}" == problems.Place(start + mistake));
        }
        else
        {
            Assert.Equal(Describe(expected.RootElement), Describe(node!.Value, text.Span));
            expected.Dispose();
        }

        return problems.ToString();
    }

    private static JsonDocument? Reference(ReadOnlyMemory<byte> text, out int mistake)
    {
        var options = new JsonReaderOptions { MaxDepth = EventJson.MaxDepth, CommentHandling = JsonCommentHandling.Skip };
        var reader = new Utf8JsonReader(text.Span, options);
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException)
        {
            mistake = (int)reader.BytesConsumed;
            return null;
        }

        mistake = -1;
        return JsonDocument.Parse(text, new() { MaxDepth = EventJson.MaxDepth, CommentHandling = JsonCommentHandling.Skip });
    }

    private static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object =>
            "{" + string.Join(',', element.EnumerateObject().Select(member => $"{member.Name}={Describe(member.Value)}")) + "}",
        JsonValueKind.Array => $"[{string.Join(',', element.EnumerateArray().Select(Describe))}]",
        JsonValueKind.String => $"\"{element.GetString()}\" of {JsonMarshal.GetRawUtf8Value(element).Length}",
        _ => element.GetRawText(),
    };

    private static string Describe(JsonNode node, ReadOnlySpan<byte> text)
    {
        var values = new List<string>();
        switch (node.Kind)
        {
            case JsonTokenType.StartObject:
                Assert.Equal((byte)'{', text[node.Offset]);
                foreach (var member in node.Members)
                {
                    Assert.Equal((byte)'"', text[member.Offset]);
                    Assert.Equal(member.Name, Encoding.UTF8.GetString(member.Key.Utf8));
                    values.Add($"{member.Name}={Describe(member.Value, text)}");
                }

                return $"{{{string.Join(',', values)}}}";
            case JsonTokenType.StartArray:
                Assert.Equal((byte)'[', text[node.Offset]);
                foreach (var item in node.Items)
                {
                    values.Add(Describe(item, text));
                }

                return $"[{string.Join(',', values)}]";
            case JsonTokenType.String:
                var reader = new Utf8JsonReader(text[node.Offset..], isFinalBlock: false, default);
                reader.Read();
                Assert.Equal(reader.GetString(), Encoding.UTF8.GetString(node.Utf8));
                return $"\"{node.Text}\" of {reader.BytesConsumed}";
            default:
                var literal = node.Kind == JsonTokenType.Number ? node.Text : node.Kind.ToString().ToLowerInvariant();
                Assert.True(text[node.Offset..].StartsWith(Encoding.UTF8.GetBytes(literal)));
                return literal;
        }
    }
}
