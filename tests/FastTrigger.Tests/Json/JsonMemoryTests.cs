using FastTrigger.Json;

namespace FastTrigger.Tests.Json;

/// <summary>What would not fit is refused with a message that names the memory; what fits is taken.</summary>
public sealed class JsonMemoryTests
{
    [Theory]
    [InlineData(128, false)]
    [InlineData(512, true)]
    public void Six_megabytes_of_empty_objects_take_more_than_128_MiB(int memoryMiB, bool isTaken)
    {
        var text = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("{}", 2_000_000))}]");
        var document = EventJson.Parse(text, memoryMiB, out var problem);
        Assert.Equal(isTaken, document is not null);
        Assert.Equal(!isTaken, problem.Contains("and the memory is 128 MiB; give the function more memory", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"body":"TEXT"}""")]
    [InlineData("""[{"level":93,"tank":"TEXT"}]""")]
    public void Six_megabytes_of_ordinary_JSON_fit_into_128_MiB(string form)
    {
        var text = form.Replace("TEXT", new string('x', 6_000_000), StringComparison.Ordinal);
        Assert.NotNull(EventJson.Parse(Encoding.UTF8.GetBytes(text), 128, out _));
        var records = $"[{string.Join(',', Enumerable.Repeat("""{"level":93,"tank":"T-4","site":"north","valve":"V-22"}""", 100_000))}]";
        Assert.NotNull(EventJson.Parse(Encoding.UTF8.GetBytes(records), 128, out _));
    }

    [Fact]
    public void What_is_no_JSON_is_refused_at_its_place()
    {
        var text = $"[{string.Join(',', Enumerable.Repeat("{}", 2_000_000))}";
        Assert.Null(EventJson.Parse(Encoding.UTF8.GetBytes(text), 10_240, out var problem));
        Assert.Contains("is not JSON at offset", problem, StringComparison.Ordinal);
    }
}
