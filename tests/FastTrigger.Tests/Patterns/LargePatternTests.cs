using FastTrigger.Patterns;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Patterns;

/// <summary>Of these sizes, what compares each field with each other does not come to an end.</summary>
public sealed class LargePatternTests
{
    private const int Count = 500_000;

    [Theory]
    [InlineData("", "{0}")]
    [InlineData("a.", "{0}")]
    [InlineData("", "\"$or\":[{{ {0} }},{{\"b\":[1]}}]")]
    public void A_pattern_with_very_many_fields_is_read(string before, string around)
    {
        var fields = string.Join(',', Enumerable.Range(0, Count).Select(i => $"\"{before}k{i}\":[1]"));
        var pattern = PatternText.Read("{" + string.Format(null, around, fields) + "}", out var problems);
        Assert.True(pattern is not null, problems);
        var holder = pattern.Alternatives.Length > 0 ? pattern.Alternatives[0][0] : pattern.Find("a") as ObjectNode ?? pattern;
        Assert.Equal(Count, holder.Fields.Length);
        Assert.Equal(
            [holder.Fields[0].Node, holder.Fields[31].Node, holder.Fields[32].Node, holder.Fields[^1].Node, null],
            [holder.Find("k0"), holder.Find("k31"), holder.Find("k32"), holder.Find($"k{Count - 1}"), holder.Find($"k{Count}")]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(99)]
    public void A_name_is_given_twice_wherever_it_stands(int twice)
    {
        var fields = Enumerable.Range(0, 100).Select(i => $"\"k{i}\":[1]").ToList();
        var lines = string.Join(",\n", [.. fields, $"\"k{twice}\":[2]", $"\"k{twice}\":[3]"]);
        Assert.Null(PatternText.Read($"{{\n{lines}}}", out var problems));
        Assert.Equal($"pattern:102:1: 'k{twice}' is given twice\npattern:103:1: 'k{twice}' is given twice", problems);

        var dotted = string.Join(",\n", fields.Select(field => field.Replace("\"k", "\"a.k", StringComparison.Ordinal)));
        Assert.Null(PatternText.Read($"{{\n{dotted},\n\"a\":{{\"k{twice}\":[2]}} }}", out problems));
        Assert.StartsWith($"pattern:102:6: 'k{twice}' is named twice", problems, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_with_very_many_dots_is_refused()
    {
        Assert.Null(PatternText.Read($$"""{"{{new string('.', 4_000_000)}}":["x"]}""", out var problems));
        Assert.Equal("pattern:1:2: a field stands under at most 255 names, counting the dots in them", problems);
    }
}
