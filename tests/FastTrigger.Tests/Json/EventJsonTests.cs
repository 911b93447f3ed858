using FastTrigger.Json;

namespace FastTrigger.Tests.Json;

public sealed class EventJsonTests
{
    public static TheoryData<string, byte[], string> Bad => new()
    {
        { "empty", [], "the event is empty" },
        { "not JSON", "hello"u8.ToArray(), "not JSON at offset 0" },
        { "truncated", "{\"a\": [1, 2"u8.ToArray(), "not JSON at offset 11" },
        { "more than one", "{} {}"u8.ToArray(), "not JSON at offset 3" },
        { "invalid UTF-8", [.. "{\"a\":\""u8, 0xff, .. "\"}"u8], "not UTF-8 at offset 6" },
        { "half a character", [.. "{\"a\":\""u8, 0xe2, 0x82, .. "\"}"u8], "not UTF-8 at offset 6" },
        { "half a surrogate pair", "{\"a\":\"\\ud800\"}"u8.ToArray(), "half of a surrogate pair at offset 6" },
        { "the other half, in a name", "{\"\\ud83d\\ude00\":1,\"\\\\\\udc00\":1}"u8.ToArray(), "half of a surrogate pair at offset 21" },
        { "half a pair and a letter", "[\"\\ud83dx\"]"u8.ToArray(), "half of a surrogate pair at offset 2" },
        { "100,000 levels", Nested(100_000), "nested deeper than 256 levels at offset 256" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void An_invalid_event_is_an_error_that_names_the_offset(string name, byte[] payload, string problem)
    {
        Assert.True(name.Length > 0);
        Assert.Null(EventJson.Parse(payload, out var found));
        Assert.Contains(problem, found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_depth_of_256_is_accepted_and_257_is_not_C1_1()
    {
        using var deep = EventJson.Parse(Nested(256), out _);
        Assert.NotNull(deep);
        Assert.Null(EventJson.Parse(Nested(257), out _));
    }

    [Fact]
    public void Escapes_that_are_characters_are_read()
    {
        using var document = EventJson.Parse("""{"a\\ud800":"\ud83d\ude00 \u00e4 \\ud800 \n\\"}"""u8.ToArray(), out var problem);
        Assert.Equal("", problem);
        Assert.Equal("😀 ä \\ud800 \n\\", document!.RootElement.GetProperty("a\\ud800").GetString());
    }

    [Fact]
    public void Six_megabytes_are_read()
    {
        var payload = Encoding.ASCII.GetBytes("[" + string.Concat(Enumerable.Repeat("[],", 2_000_000)) + "[]]");
        using var document = EventJson.Parse(payload, out var problem);
        Assert.True(document is not null, problem);
        Assert.Equal(2_000_001, document.RootElement.GetArrayLength());
    }

    private static byte[] Nested(int levels) => Encoding.ASCII.GetBytes(new string('[', levels) + new string(']', levels));
}
