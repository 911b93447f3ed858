namespace FastTrigger.NativeTests;

/// <summary>fasttrigger logs: the records of a function, by invocation.</summary>
public sealed class LogsCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-logs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_a_run_logged_is_shown_by_invocation()
    {
        var (_, json, _) = await Artifacts.RunToolAsync(
            ["run", "build/demo/tank-high.json", "build/demo/tank-normal.json", .. Artifacts.DemoRoutes, "--json"]);
        var report = await WriteAsync("run.json", json);
        var lines = JsonNode.Parse(json)!["logs"]!.AsArray().Select(record => record!.ToJsonString()).ToList();
        // As aws logs tail prints it, between what Lambda writes itself.
        const string Stream = "2026-11-20T14:00:00 2026/11/20/function[7]ab ";
        string[] tailed = [Stream + "START", .. lines.Select(line => Stream + line), Stream + "END"];
        var tail = await WriteAsync("tail.log", string.Join('\n', tailed));
        var (exitCode, output, error) = await Artifacts.RunToolAsync(["logs", report]);
        Assert.True(exitCode == 0, error);
        Assert.Equal((0, output, ""), await Artifacts.RunToolAsync(["logs", tail]));
        Assert.Contains("  drain-tank > run-command done accepted by Systems Manager as ", output, StringComparison.Ordinal);
        Assert.Contains(" cold start\n", output, StringComparison.Ordinal);
        Assert.Contains("  unmatched owner-tag: source,", output, StringComparison.Ordinal);
        var (_, undone, _) = await Artifacts.RunToolAsync(["logs", report, "--undone"]);
        Assert.DoesNotContain("drain-tank >", undone, StringComparison.Ordinal);
        Assert.Contains("  not done unmatched\n", undone, StringComparison.Ordinal);
        var (_, one, _) = await Artifacts.RunToolAsync(["logs", report, "--route", "drain-tank"]);
        Assert.Contains("drain-tank >", one, StringComparison.Ordinal);
        Assert.DoesNotContain("not done", one, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invocations_of_several_environments_are_told_apart_and_one_without_an_end_is_shown()
    {
        static string Record(string id, string message, string rest) =>
            $$"""{"timestamp":"2026-11-20T14:00:00.000Z","level":"INFO","message":"{{message}}","requestId":"{{id}}",{{rest}}}""";
        const string Done = """ "route":"r","action":"tag","outcome":"done","detail":"d","ms":1 """;
        var file = await WriteAsync("log.jsonl", string.Join('\n', [
            Record("a", "action", Done),
            Record("b", "action", Done.Replace("\"done\"", "\"failed\"", StringComparison.Ordinal)),
            Record("c", "refused", "\"route\":\"r\",\"reason\":\"the token is old\""),
            Record("a", "invocation", "\"source\":\"sqs\",\"outcome\":\"ok\",\"ms\":2,\"Throttled\":3,\"awsRequestIds\":[\"x-1\"]"),
            Record("a", "metrics", "\"Done\":1"),
            Record("b", "invocation", "\"source\":\"sqs\",\"outcome\":\"error\",\"error\":\"why\",\"ms\":2"),
        ]));
        var (exitCode, output, error) = await Artifacts.RunToolAsync(["logs", file]);
        Assert.True(exitCode == 0, error);
        Assert.Equal(
            """
            2026-11-20T14:00:00.000Z a sqs 2 ms
              r > tag done d 1 ms
              Throttled=3 awsRequestIds=x-1
            2026-11-20T14:00:00.000Z b sqs 2 ms
              r > tag failed d 1 ms
              error why
            2026-11-20T14:00:00.000Z c
              refused route=r reason=the token is old
              did not end within these lines: its time ran out, or the rest is missing

            """,
            output);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing\n{\n{\"a\":1}\n[]\n{\"message\":\"x\"}\n{\"message\":{},\"requestId\":\"a\"}")]
    [InlineData("{\"message\":\"a\",\"requestId\":\"\\ud800\"}\n{\"message\":\"a\",\"message\":\"b\",\"requestId\":\"c\"}")]
    public async Task A_file_without_a_record_is_refused(string text)
    {
        var file = await WriteAsync("x.log", text);
        var (exitCode, _, error) = await Artifacts.RunToolAsync(["logs", file]);
        Assert.Equal(2, exitCode);
        Assert.StartsWith($"there is no record of FastTrigger in {file}\n", error, StringComparison.Ordinal);
    }

    private async Task<string> WriteAsync(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(file, text, Artifacts.Token);
        return file;
    }
}
