using FastTrigger.Core;
using FsCheck;
using FsCheck.Fluent;

namespace FastTrigger.Tests.Core;

public sealed class JsonBuilderTests
{
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
    public void Characters_that_JSON_or_a_log_viewer_forbids_are_escaped(string text, string expected)
    {
        var buffer = new ByteBuffer();
        new JsonBuilder(buffer).BeginArray().Text(text).Text(text).EndArray();
        Assert.Equal($"[{expected},{expected}]", buffer.ToString());
    }
}
