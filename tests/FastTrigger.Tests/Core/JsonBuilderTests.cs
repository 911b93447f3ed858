using FastTrigger.Core;
using FastTrigger.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace FastTrigger.Tests.Core;

public sealed class JsonBuilderTests
{
    /// <summary>A pair of surrogates, and the neighbours of what is escaped.</summary>
    private const string Shown = "\ud83d\ude00 \u00a0\u061b\u061d\u200a\u2010\u2027\u202f\u205f\u2061\u2065\u206a\ufefe";

    [Fact]
    public void Any_text_is_read_back_unchanged()
    {
        Prop.ForAll<string>(text =>
        {
            text ??= "";
            var buffer = new ByteBuffer();
            new JsonBuilder(buffer).BeginObject().Member(text, text)
                .Name("list").BeginArray().Text(text).Number(long.MinValue).Text("x").EndArray().EndObject();
            // A lone surrogate is not a character. It is written as U+FFFD.
            var expected = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            using var document = JsonDocument.Parse(buffer.Memory);
            return document.RootElement.EnumerateObject().First().Name == expected
                && document.RootElement.EnumerateObject().First().Value.GetString() == expected
                && document.RootElement.GetProperty("list")[1].GetInt64() == long.MinValue
                && !buffer.Span.ContainsAnyInRange((byte)0, (byte)31);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("a\"b\\c\n\r\t\u0001", "\"a\\\"b\\\\c\\n\\r\\t\\u0001\"")]
    [InlineData("line\u2028end\u0085", "\"line\\u2028end\\u0085\"")]
    [InlineData("ends in {", "\"ends in {\"")]
    [InlineData(Shown, $"\"{Shown}\"")]
    public void Characters_that_JSON_or_a_log_viewer_forbids_are_escaped(string text, string expected)
    {
        var buffer = new ByteBuffer();
        new JsonBuilder(buffer).BeginArray().Text(text).Text(text).EndArray();
        Assert.Equal($"[{expected},{expected}]", buffer.ToString());
    }

    [Fact]
    public void Half_a_character_is_written_as_the_replacement_character()
    {
        var buffer = new ByteBuffer();
        new JsonBuilder(buffer).Text("half \ud83d, \ude00\ud83d");
        Assert.Equal("\"half \\ufffd, \\ufffd\\ufffd\"", buffer.ToString());
    }

    /// <summary>Control characters, line ends, characters without width, and marks that change the direction of text.</summary>
    [Fact]
    public void What_is_not_shown_as_it_is_is_escaped_and_read_back_unchanged()
    {
        var hidden = HiddenCharacters.All;
        Assert.Equal(52, hidden.Length);
        foreach (var letter in hidden)
        {
            var buffer = new ByteBuffer();
            new JsonBuilder(buffer).BeginObject().Member("x", $"\u00e4{letter}b").EndObject();
            Assert.Equal($"{{\"x\":\"\u00e4\\u{(int)letter:x4}b\"}}", buffer.ToString());
            Assert.Equal($"\u00e4{letter}b", JsonDocument.Parse(buffer.Memory).RootElement.GetProperty("x").GetString());
        }
    }
}
