namespace FastTrigger.NativeTests;

/// <summary>fasttrigger match: which files of a folder are read.</summary>
public sealed class MatchFilesTests : IDisposable
{
    private const string Tank = """{"id":"1","source":"water.plant","detail-type":"Tank Level","detail":{"level":91.5}}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-match-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_file_that_cannot_be_read_does_not_stop_the_others()
    {
        await WriteAsync("b.json", Tank);
        File.CreateSymbolicLink(Path.Combine(_folder, "a.json"), "/nowhere.json");
        File.CreateSymbolicLink(Path.Combine(_folder, "circle"), _folder);
        var (exitCode, output, _) = await RunAsync([_folder, .. Artifacts.DemoRoutes, "--route", "drain-tank"]);
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"{_folder}/a.json cannot be read: Could not find file", output, StringComparison.Ordinal);
        Assert.EndsWith(
            $"\n{_folder}/b.json eventbridge\n  drain-tank matches\n"
                + "route 'drain-tank' takes 1 of 1 item in 2 events, and 1 of the events cannot be read\n",
            output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_and_a_device_of_a_folder_are_left_out()
    {
        var pipe = Path.Combine(_folder, "a.json");
        await Artifacts.RunAsync("mkfifo", [pipe]);
        File.CreateSymbolicLink(Path.Combine(_folder, "b.jsonl"), "/dev/zero");
        await WriteAsync("c.json", Tank);
        string[] arguments = ["30", Artifacts.Tool, "match", "--coverage", _folder, .. Artifacts.DemoRoutes, "--route", "drain-tank"];
        var (exitCode, output, error) = await Artifacts.RunAsync("timeout", arguments);
        Assert.Equal((0, "route 'drain-tank' takes 1\nroute 'drain-tank' takes 1 of 1 item in 1 event\n"), (exitCode, output));
        Assert.EndsWith($"left out: {pipe} is no event\nleft out: {_folder}/b.jsonl is no event\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_file_by_several_paths_counts_once()
    {
        var inner = Directory.CreateDirectory(Path.Combine(_folder, "inner")).FullName;
        await WriteAsync("inner/a.json", Tank);
        File.CreateSymbolicLink(Path.Combine(inner, "b.json"), Path.Combine(inner, "a.json"));
        File.CreateSymbolicLink(Path.Combine(_folder, "link"), inner);
        string[] folders = ["--coverage", inner, "--coverage", Path.Combine(_folder, "link")];
        var (exitCode, output, error) = await RunAsync([.. folders, .. Artifacts.DemoRoutes, "--route", "drain-tank"]);
        Assert.Equal((0, "route 'drain-tank' takes 1\nroute 'drain-tank' takes 1 of 1 item in 1 event\n"), (exitCode, output));
        Assert.EndsWith(
            $"left out: {inner}/b.json is the same file as {inner}/a.json\n"
                + $"left out: {_folder}/link/a.json is the same file as {inner}/a.json\n"
                + $"left out: {_folder}/link/b.json is the same file as {inner}/a.json\n",
            error,
            StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) =>
        Artifacts.RunToolAsync(["match", .. arguments]);

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder, name), text, Artifacts.Token);
}
