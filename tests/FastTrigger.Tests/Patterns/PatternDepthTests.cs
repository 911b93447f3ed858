using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Patterns;

public sealed class PatternDepthTests
{
    /// <summary>As deep as an event is looked into: what is deeper would always be missing.</summary>
    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void A_field_stands_under_so_many_names_at_most(int names, bool isRead)
    {
        var name = string.Join('.', Enumerable.Repeat("a", names));
        var pattern = PatternText.Read($$"""{"{{name}}":["x"]}""", out var problems);
        var half = string.Join('.', Enumerable.Repeat("a", names - 100));
        var nested = PatternText.Read($$"""{"{{name[..199]}}":{"{{half}}":["x"]} }""", out _);
        Assert.Equal((isRead, isRead), (pattern is not null, nested is not null));
        Assert.Equal(isRead ? "" : "pattern:1:2: a field stands under at most 255 names, counting the dots in them", problems);
        if (isRead)
        {
            Assert.True(pattern!.Matches(PatternText.AsSeen(JsonDocument.Parse($$"""{"{{name}}":"x"}""").RootElement)));
        }
    }
}
