using FastTrigger.Cli.Samples;

namespace FastTrigger.NativeTests;

/// <summary>fasttrigger match: the published tool with files, folders, standard input, patterns and rules.</summary>
public sealed class MatchCommandTests : IDisposable
{
    private const string Tank = """{"id":"1","source":"water.plant","detail-type":"Tank Level","detail":{"level":91.5,"valve":"V-1"}}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-match-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_route_is_explained_in_the_order_of_the_file()
    {
        var (exitCode, output, error) = await RunAsync([Artifacts.Demo("tank-normal.json"), .. Artifacts.DemoRoutes]);
        Assert.Equal((1, "routes: build/demo/routes.json\n"), (exitCode, error));
        Assert.Equal(
            """
            build/demo/tank-normal.json eventbridge
              owner-tag does not match
                source wants "aws.ec2", and the event has "water.plant"
                detail-type wants "AWS API Call via CloudTrail", and the event has "Tank Level"
                detail.eventName wants "RunInstances", and the event has nothing there; detail has tank, level, valve
              start-pump-controller does not match
                source wants "aws.ec2", and the event has "water.plant"
                detail-type wants "EC2 Instance State-change Notification", and the event has "Tank Level"
                detail.state wants "running", and the event has nothing there; detail has tank, level, valve
              drain-tank does not match (the nearest)
                detail.level wants a number > 80, and the event has 42

            """,
            output[..output.IndexOf("  site-up", StringComparison.Ordinal)]);
        Assert.EndsWith("\nthe routes take 0 of 1 item in 1 event\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_route_alone_decides_the_exit_code()
    {
        string[] only = [.. Artifacts.DemoRoutes, "--route", "drain-tank"];
        var (exitCode, output, _) = await RunAsync([Artifacts.Demo("tank-high.json"), .. only]);
        Assert.Equal(0, exitCode);
        const string Matches = "  drain-tank matches\nroute 'drain-tank' takes 1 of 1 item in 1 event\n";
        Assert.Equal($"build/demo/tank-high.json eventbridge\n{Matches}", output);
        (exitCode, _, _) = await RunAsync([Artifacts.Demo("launch.json"), .. only]);
        Assert.Equal(1, exitCode);
        (exitCode, _, var error) = await RunAsync([Artifacts.Demo("launch.json"), .. Artifacts.DemoRoutes, "--route", "drain-tnk"]);
        Assert.Equal(2, exitCode);
        Assert.EndsWith("there is no route 'drain-tnk'\ndid you mean 'drain-tank'?\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_is_matched_item_by_item_and_the_document_has_its_keys()
    {
        var (exitCode, output, _) = await RunAsync([Artifacts.Demo("queue.json"), .. Artifacts.DemoRoutes, "--json"]);
        Assert.Equal(1, exitCode);
        var lines = output.TrimEnd().Split('\n').Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.Equal(2, lines.Count);
        Assert.Equal(["event", "problem", "items"], Keys(lines[0]));
        var items = lines[0]["items"]!.AsArray();
        Assert.All(items, item => Assert.Equal(["source", "record", "taken", "hint", "routes"], Keys(item)));
        Assert.Equal(["sqs/eventbridge true", "sqs false"], items.Select(item => $"{item!["source"]} {item["taken"]}"));
        var routes = items.SelectMany(item => item!["routes"]!.AsArray()).ToList();
        Assert.Equal(12, routes.Count);
        Assert.All(routes, route => Assert.Equal(["route", "matches", "reason", "hint", "fields"], Keys(route)));
        var fields = routes.SelectMany(route => route!["fields"]!.AsArray()).ToList();
        Assert.All(fields, field => Assert.Equal(["field", "wants", "has", "hint"], Keys(field)));
        Assert.Equal("source [\"aws.ec2\"] \"water.plant\"", $"{fields[0]!["field"]} {fields[0]!["wants"]} {fields[0]!["has"]}");
        var summary = lines[1]["summary"]!;
        Assert.Equal(["events", "broken", "items", "taken", "routes", "never", "idle", "refused", "leftOut"], Keys(summary));
        Assert.Equal((1, 2, 1), (summary.Number("events"), summary.Number("items"), summary.Number("taken")));
        Assert.Equal("""{"route":"drain-tank","taken":1}""", summary["routes"]![2]!.ToJsonString());
        Assert.Equal(5, summary["never"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_broken_event_is_named_and_those_around_it_are_matched()
    {
        var lines = $"{Tank}\n\n{{\"id\": \"2\",, }}\n{Tank.Replace("91.5", "12", StringComparison.Ordinal)}\n{{\"source\": \n{Tank}\n";
        var (exitCode, output, _) = await PipeAsync(lines, "- --json --route drain-tank");
        Assert.Equal(1, exitCode);
        var found = output.TrimEnd().Split('\n').Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(
            ["standard input:1", "standard input:3", "standard input:4", "standard input:5", "standard input:6"],
            found.SkipLast(1).Select(one => one["event"]!.ToString()));
        Assert.Equal(
            [
                null,
                "standard input:3:12: this comma has no value before it: remove the comma, or write the value",
                null,
                "standard input:5:1: this { is not closed: a } is missing",
                null,
            ],
            found.SkipLast(1).Select(one => one["problem"]?.ToString()));
        var items = found.SelectMany(one => one["items"]?.AsArray() ?? []);
        Assert.Equal(["true", "false", "true"], items.Select(item => item!["taken"]!.ToString()));
        var summary = found[^1]["summary"];
        Assert.Equal((5, 2, 3), (summary.Number("events"), summary.Number("broken"), summary.Number("items")));
        (exitCode, output, _) = await PipeAsync(lines, "- --route drain-tank");
        Assert.Equal(1, exitCode);
        Assert.Contains("\nstandard input:3:12: this comma has no value", output, StringComparison.Ordinal);
        const string Summary = "route 'drain-tank' takes 2 of 3 items in 5 events, and 2 of the events cannot be read\n";
        Assert.EndsWith(Summary, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_samples_print_over_many_lines_is_read_from_standard_input()
    {
        var sample = SampleEvents.Read("eventbridge-ec2-state");
        var (exitCode, output, _) = await PipeAsync(sample + sample, "- --route start-pump-controller");
        Assert.True(exitCode == 0, output);
        Assert.EndsWith("takes 2 of 2 items in 2 events\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_events_covers_the_routes_or_names_what_is_left_over()
    {
        var inner = Directory.CreateDirectory(Path.Combine(_folder, "more")).FullName;
        const string Routes = """
            {"routes": [
              {"name": "full", "when": {"detail": {"level": [{"numeric": [">", 80]}]}}, "do": [{"handler": {"name": "h"}}]},
              {"name": "every-hour", "schedule": "rate(1 hour)", "do": [{"handler": {"name": "h"}}]}]}
            """;
        await WriteAsync("routes.json", Routes);
        await WriteAsync("world.json", """{"instances": [{"id": "i-0aaaaaaaaaaaaaaa1"}]}""");
        await WriteAsync("schema.json", """{"$schema": "https://json-schema.org/draft-07/schema#"}""");
        await WriteAsync("notes.txt", "no event");
        await WriteAsync("full.json", Tank);
        await WriteAsync("more/lines.jsonl", $"{Tank}\n{Tank}\n");
        await WriteAsync("more/schedule.json", """{"fasttrigger-route":"every-hour","schedule":"s","time":"2026-11-20T14:00:00Z"}""");
        string[] arguments = ["--coverage", _folder, "--routes", Path.Combine(_folder, "routes.json")];
        var (exitCode, output, error) = await RunAsync(arguments);
        Assert.Equal(0, exitCode);
        Assert.Equal("route 'full' takes 3\nroute 'every-hour' takes 1\nthe routes take 4 of 4 items in 4 events\n", output);
        Assert.Equal(
            ["routes.json", "schema.json", "world.json"],
            error.TrimEnd().Split('\n').Skip(1).Select(line => Path.GetFileName(line["left out: ".Length..^" is no event".Length])));

        (_, output, _) = await RunAsync([.. arguments, "--json"]);
        Assert.Equal(3, JsonNode.Parse(output)!["summary"]!["leftOut"]!.AsArray().Count);

        // An event that nothing takes.
        await WriteAsync("more/low.json", Tank.Replace("91.5", "12", StringComparison.Ordinal));
        (exitCode, output, _) = await RunAsync(arguments);
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"{inner}/low.json eventbridge\nroute 'full' takes 3\n", output, StringComparison.Ordinal);

        // A route that takes nothing.
        File.Delete(Path.Combine(inner, "low.json"));
        File.Delete(Path.Combine(inner, "schedule.json"));
        (exitCode, output, _) = await RunAsync(arguments);
        Assert.Equal(1, exitCode);
        Assert.Equal(
            "route 'full' takes 3\nroute 'every-hour' takes none (it takes only what its schedule sends)\n"
                + "the routes take 3 of 3 items in 3 events; 1 of 2 routes takes none\n",
            output);
        (exitCode, output, _) = await RunAsync([.. arguments, "--json"]);
        Assert.Equal(1, exitCode);
        Assert.Equal("""["every-hour"]""", JsonNode.Parse(output)!["summary"]!["never"]!.ToJsonString());

        // Without --coverage a folder is a list of events, and not every route needs one.
        (exitCode, _, _) = await RunAsync(_folder, "--routes", Path.Combine(_folder, "routes.json"));
        Assert.Equal(0, exitCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n \n\n")]
    public async Task No_event_at_all_is_no_success(string text)
    {
        await WriteAsync("none.jsonl", text);
        var (exitCode, output, error) = await PipeAsync(text, "- --route drain-tank");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains("there is no event in standard input\n", error, StringComparison.Ordinal);
        var lines = Path.Combine(_folder, "none.jsonl");
        (exitCode, output, error) = await RunAsync([lines, .. Artifacts.DemoRoutes, "--json"]);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains($"there is no event in {lines}\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_called_by_its_kind()
    {
        var (exitCode, _, error) = await RunAsync(["--coverage", "nofold", .. Artifacts.DemoRoutes]);
        Assert.Equal((2, true), (exitCode, error.StartsWith("there is no folder nofold\n", StringComparison.Ordinal)));
        (exitCode, _, error) = await RunAsync(Artifacts.Demo("tank-high.json"), "--pattern", "{\"a\": [1]}", "--route", "x");
        Assert.Equal((2, true), (exitCode, error.StartsWith("--route names a route or a rule, and", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_route_that_takes_nothing_has_no_blank_at_the_end_of_its_line()
    {
        await WriteAsync("c.json", Tank);
        var (_, output, _) = await RunAsync(["--coverage", _folder, .. Artifacts.DemoRoutes, "--route", "owner-tag"]);
        Assert.Contains("\nroute 'owner-tag' takes none\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"source": ["water.plant"]}""", 0, "  pattern matches\nthe pattern takes 1 of 1 item in 1 event\n")]
    [InlineData("""{"source": ["Water.plant"]}""", 1, "only upper and lower case differ")]
    public async Task A_pattern_is_JSON_or_a_file_as_the_AWS_CLI_names_it(string pattern, int code, string expected)
    {
        await WriteAsync("pattern.json", pattern);
        var file = Path.Combine(_folder, "pattern.json");
        foreach (var given in (string[])[pattern, $"file://{file}", $"fileb://{file}", $"@{file}"])
        {
            var (exitCode, output, error) = await RunAsync(Artifacts.Demo("tank-high.json"), "--pattern", given);
            Assert.Equal((code, ""), (exitCode, error));
            Assert.Contains(expected, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Mistakes_in_the_pattern_or_the_routes_have_their_place_and_exit_code_2()
    {
        const string Wrong = """{"source": "water.plant", "x": []}""";
        var (exitCode, output, error) = await RunAsync(Artifacts.Demo("tank-high.json"), "--pattern", Wrong);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Equal(
            """
            --pattern:1:12: 'source' in a pattern takes an array of values or an object, not a string; write ["water.plant"]
            --pattern:1:32: an empty array in a pattern matches nothing; list a value

            """,
            error);
        (exitCode, output, error) = await RunAsync(Artifacts.Demo("tank-high.json"), "--pattern", """{"source": ["x"],}""");
        Assert.Equal((2, "", "--pattern:1:17: a trailing comma: JSON has none before }; remove it\n"), (exitCode, output, error));
        await WriteAsync("routes.json", "{\"routes\": []}");
        var routes = Path.Combine(_folder, "routes.json");
        (exitCode, output, error) = await RunAsync(Artifacts.Demo("tank-high.json"), "--routes", routes);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains($"{routes}:1:12: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_events_of_standard_input_need_little_memory()
    {
        const int Count = 10_000;
        var padding = new string('x', 8_000);
        await using (var file = File.CreateText(Path.Combine(_folder, "input")))
        {
            for (var i = 0; i < Count; i++)
            {
                file.WriteLine(Tank.Replace("V-1", padding, StringComparison.Ordinal));
            }
        }

        // All of them would need 80 MB, as UTF-8. A heap of 40 MB (0x2800000 bytes) holds some hundreds.
        var command = $"{Artifacts.Tool} match - --json --routes build/demo/routes.json --route drain-tank <{_folder}/input | tail -n 1";
        var (_, output, error) = await Artifacts.RunAsync("bash", ["-c", command], ("DOTNET_GCHeapHardLimit", "2800000"));
        Assert.Equal("routes: build/demo/routes.json\n", error);
        var summary = JsonNode.Parse(output)!["summary"]!;
        Assert.Equal((Count, Count, 0), (summary.Number("events"), summary.Number("taken"), summary.Number("broken")));
    }

    private static IEnumerable<string> Keys(JsonNode? node) => node!.AsObject().Select(member => member.Key);

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) =>
        Artifacts.RunToolAsync(["match", .. arguments]);

    /// <summary>Runs it with the demo's routes and this standard input.</summary>
    private async Task<(int ExitCode, string Output, string Error)> PipeAsync(string input, string arguments)
    {
        await WriteAsync("input", input);
        var command = $"{Artifacts.Tool} match {arguments} --routes build/demo/routes.json <{_folder}/input";
        return await Artifacts.RunAsync("bash", ["-c", command]);
    }

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder, name), text, Artifacts.Token);
}
