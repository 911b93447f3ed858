using FastTrigger.Cli.Matching;

namespace FastTrigger.Tests.Matching;

/// <summary>Which files are events, and what is said of the others.</summary>
public sealed class EventFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-event-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Several_events_in_one_json_file_are_refused_with_the_way_out()
    {
        var (file, lines) = (Write("e.json", "{\"a\":1}\n{\"b\":2}\n"), Write("e.ndjson", "{\"a\":1}\n{\"b\":2}\n"));
        var problem = Assert.Single(EventFiles.Read([file], Assert.Fail)).Problem;
        Assert.StartsWith($"{file}:2:1: the file goes on after its end", problem, StringComparison.Ordinal);
        Assert.EndsWith($"; for several events name the file .jsonl, or write - <{file}", problem, StringComparison.Ordinal);
        var broken = Assert.Single(EventFiles.Read([Write("f.json", "{\"a\":1}}")], Assert.Fail)).Problem;
        Assert.DoesNotContain("several", broken, StringComparison.Ordinal);
        Assert.Equal(2, EventFiles.Read([lines], Assert.Fail).Count());
    }

    [Fact]
    public void A_file_that_is_named_twice_is_read_once()
    {
        var file = Write("e.json", "{}");
        var left = new List<string>();
        Assert.Single(EventFiles.Read([file, file], left.Add));
        Assert.Equal([$"{file} is named twice"], left);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
