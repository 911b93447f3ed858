using FastTrigger.Json;

namespace FastTrigger.Tests.Json;

public sealed class DottedNamesTests
{
    [Theory]
    [InlineData("""{"a.b":1}""", """{"a":{"b":1}}""")]
    [InlineData("""{"a.b":1,"a.c":2,"d":3,"a":{"e":4}}""", """{"a":{"b":1,"c":2,"e":4},"d":3}""")]
    [InlineData("""{"..":1,".":{"":2}}""", """{"":{"":{"":[1,2]}}}""")]
    [InlineData("""{"a.b":{},"c":[{"d.e":[]}]}""", """{"a":{"b":{}},"c":[{"d":{"e":[]}}]}""")]
    [InlineData("""{"a.b":1,"a":2,"a.b":3}""", """{"a":[2,{"b":3}]}""")]
    public void Names_that_share_their_start_are_one_object(string json, string expected) =>
        Assert.Equal(expected, DottedNames.Nest(JsonDocument.Parse(json).RootElement)!.RootElement.GetRawText());

    [Fact]
    public void Names_of_dots_alone_take_little_memory_for_each_dot()
    {
        // No two share an object.
        var members = Enumerable.Range(0, 500).Select(i => $"\"{i:x}{new string('.', 254)}\":1");
        var json = $"{{{string.Join(',', members)}}}";
        var root = JsonDocument.Parse(json).RootElement;
        var before = GC.GetAllocatedBytesForCurrentThread();
        DottedNames.Nest(root);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / json.Length, 1, 250);
    }
}
