namespace FastTrigger.NativeTests;

/// <summary>fasttrigger run: the demo of the water plant, with the published tool and the published function.</summary>
public sealed class RunDocumentTests
{
    public static TheoryData<string> Events =>
        ["launch", "running", "tank-high", "tank-normal", "tank-hostile", "site-check", "site-rule", "alarm"];

    [Theory]
    [MemberData(nameof(Events))]
    public async Task Every_demo_event_ends_as_it_should(string name)
    {
        var (document, exitCode) = await RunAsync(name);
        var expected = name == "tank-normal" ? (1, "unmatched") : (0, "done");
        Assert.Equal(expected, (exitCode, Text(document, "outcome")));
        Assert.Equal(
            ["routes", "world", "outcome", "initMs", "invocations", "calls", "instances", "logStream", "logs"],
            document.Select(member => member.Key));
        Assert.True(document["initMs"]!.GetValue<double>() > 0);
        var invocation = Assert.Single(document["invocations"]!.AsArray())!.AsObject();
        Assert.Equal(
            ["event", "outcome", "reasons", "actions", "unmatched", "response", "error", "responseMs"],
            invocation.Select(member => member.Key));
        Assert.Equal((Artifacts.Demo(name + ".json"), expected.Item2), (Text(invocation, "event"), Text(invocation, "outcome")));
        Assert.Equal(1, invocation.Number("response", "items"));
        AssertMembers(document.List("calls"), "service", "operation", "status", "parameters");
        AssertMembers(document.List("instances"), "id", "tags", "commands");
        Assert.NotEmpty(document["logs"]!.AsArray());
    }

    [Fact]
    public async Task A_launch_by_alice_ends_with_her_name_on_all_three_instances_in_one_CreateTags()
    {
        var (document, _) = await RunAsync("launch");
        var call = Assert.Single(document["calls"]!.AsArray(), call => Text(call!, "operation") == "CreateTags")!;
        Assert.Equal(("ec2", 200), (Text(call, "service"), call["status"]!.GetValue<int>()));
        string[] ids = ["i-0123456789abcdef0", "i-0123456789abcdef1", "i-0123456789abcdef2"];
        Assert.Superset(ids.ToHashSet(), call["parameters"]!["Resources"]!.AsArray().Select(id => id!.GetValue<string>()).ToHashSet());
        Assert.Equal("""{"Key":"Owner","Value":"alice@example.com"}""", call["parameters"]!["Tags"]![0]!.ToJsonString());
        Assert.All(ids, id => Assert.Equal("alice@example.com", Text(Instance(document, id)["tags"]!, "Owner")));
    }

    [Fact]
    public async Task A_hostile_valve_name_is_text_and_nothing_else()
    {
        File.Delete("/tmp/pwned");
        var (document, _) = await RunAsync("tank-hostile");
        var command = Instance(document, "i-0aaaaaaaaaaaaaaa1")["commands"]![0]!;
        Assert.Equal("opening valve $(touch /tmp/pwned); '\" at level 95\n", Text(command, "stdout"));
        Assert.Equal(
            ("AWS-RunShellScript", "Success", 0, ""),
            (Text(command, "document"), Text(command, "status"), command.Number("exitCode"), Text(command, "stderr")));
        Assert.False(File.Exists("/tmp/pwned"));
    }

    [Fact]
    public async Task The_same_event_twice_opens_the_valve_once()
    {
        var (document, _) = await RunAsync("tank-high", "tank-high");
        Assert.Equal(2, document["calls"]!.AsArray().Count(call => Text(call!, "operation") == "SendCommand"));
        foreach (var id in (string[])["i-0aaaaaaaaaaaaaaa1", "i-0aaaaaaaaaaaaaaa2"])
        {
            var commands = Instance(document, id)["commands"]!.AsArray();
            Assert.Equal(["opening valve V-17 at level 91.5\n", ""], commands.Select(command => Text(command!, "stdout")));
            Assert.Contains("already done on this server", Text(commands[1]!, "stderr"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_lost_answer_does_not_open_the_valve_twice()
    {
        var (exitCode, output, _) = await Artifacts.RunToolAsync(
            ["run", Artifacts.Demo("tank-high.json"), .. Artifacts.DemoRoutes, "--world", Artifacts.Demo("lost-answer.json"), "--json"]);
        Assert.Equal(0, exitCode);
        var document = JsonNode.Parse(output)!.AsObject();
        Assert.Single(document["calls"]!.AsArray(), call => Text(call!, "operation") == "SendCommand");
        Assert.Single(Instance(document, "i-0aaaaaaaaaaaaaaa1")["commands"]!.AsArray());
    }

    [Fact]
    public async Task An_outcome_that_is_an_error_is_exit_code_1_and_the_error()
    {
        var (exitCode, output, _) = await Artifacts.RunToolAsync(
            ["run", Artifacts.Demo("site-check.json"), .. Artifacts.DemoRoutes, "--json", "--env", "EXPECTED=no such text"]);
        Assert.Equal(1, exitCode);
        var invocation = JsonNode.Parse(output)!["invocations"]![0]!;
        Assert.Equal(("failed", "Function.ActionFailed"), (Text(invocation, "outcome"), Text(invocation["error"]!, "errorType")));
        Assert.Null(invocation["response"]);
    }

    [Fact]
    public async Task A_function_that_does_not_start_is_reported_with_its_reason()
    {
        var routes = Path.GetTempFileName();
        await File.WriteAllTextAsync(routes, "{}", Artifacts.Token);
        string[] arguments = ["run", Artifacts.Demo("launch.json"), "--routes", routes, "--bootstrap", Artifacts.Bootstrap, "--json"];
        var (exitCode, output, _) = await Artifacts.RunToolAsync(arguments);
        File.Delete(routes);
        Assert.Equal(1, exitCode);
        var document = JsonNode.Parse(output)!;
        Assert.Null(document["initMs"]);
        Assert.Contains("needs 'routes'", Text(document["invocations"]![0]!["error"]!, "errorMessage"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_region_and_account_are_the_functions_own()
    {
        var (exitCode, output, _) = await Artifacts.RunToolAsync(
            [
                "run", Artifacts.Demo("launch.json"), .. Artifacts.DemoRoutes, "--json",
                "--region", "eu-central-1", "--account", "210987654321",
            ]);
        Assert.Equal(1, exitCode);
        Assert.Contains("us-east-1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_timeline_is_plain_text_where_there_is_no_terminal()
    {
        var (exitCode, output, error) = await Artifacts.RunToolAsync(["run", Artifacts.Demo("launch.json"), .. Artifacts.DemoRoutes]);
        Assert.Equal((0, "routes: build/demo/routes.json; world: build/demo/world.json\n"), (exitCode, error));
        Assert.Contains("cold start", output, StringComparison.Ordinal);
        Assert.Contains("owner-tag > tag done 9 resources tagged with Owner, LaunchedAt", output, StringComparison.Ordinal);
        Assert.Contains("ec2 CreateTags 200 Resources=i-0123456789abcdef0,+8 Owner=alice@example.com", output, StringComparison.Ordinal);
        Assert.Contains(
            "i-0123456789abcdef0 LaunchedAt=2026-11-20T14:30:02Z, Managed=yes, Owner=alice@example.com",
            output,
            StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public async Task Check_reports_every_error_or_that_there_is_none()
    {
        var (exitCode, output, _) = await Artifacts.RunToolAsync(["check", Artifacts.Demo("routes.json")]);
        Assert.Equal((0, "build/demo/routes.json: 6 routes, no errors\n"), (exitCode, output));
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "{\n  \"routs\": []\n}", Artifacts.Token);
        (exitCode, _, var error) = await Artifacts.RunToolAsync(["check", file]);
        Assert.Equal(1, exitCode);
        Assert.Equal(
            $"{file}:1:1: routes.json needs 'routes': a list of routes\n"
            + $"{file}:2:3: 'routs' is not a key of routes.json in this version; did you mean 'routes'?\n",
            error);
        (exitCode, output, _) = await Artifacts.RunToolAsync(["check", file, "--json"]);
        Assert.Equal(1, exitCode);
        Assert.Equal(2, JsonNode.Parse(output)!["problems"]![1]!["line"]!.GetValue<int>());
        File.Delete(file);
    }

    [Theory]
    [InlineData("--help", "  run         Deliver events", "  serve       ", "  check       ", "  match       Say which")]
    [InlineData(
        "run --help",
        "--routes <FILE>",
        "--world <FILE>",
        "--bootstrap <FILE>",
        "--env <NAME=VALUE>",
        "--json",
        "--shell <host|isolated>",
        "--network <HOST[:PORT]>",
        "--expect <OUTCOME>",
        "Exit code 0 only when every item of every event was done")]
    [InlineData("serve --help", "--port", "AWS CLI")]
    [InlineData("check --help", "Exit code 1", "--json")]
    [InlineData("match --help", "--rules <FILE>", "--coverage <FOLDER>", "Exit code 0 when a route takes every item")]
    public async Task Help_names_arguments_options_and_exit_codes(string arguments, params string[] texts)
    {
        var (exitCode, output, _) = await Artifacts.RunToolAsync(arguments.Split(' '));
        Assert.Equal(0, exitCode);
        Assert.All(texts, text => Assert.Contains(text, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_left_on_the_machine()
    {
        var temporary = Directory.CreateTempSubdirectory("fasttrigger-tmp-").FullName;
        // A machine on which the guard is really used has this folder.
        var guarded = StateOfGuard();
        string[] arguments = ["run", Artifacts.Demo("tank-high.json"), .. Artifacts.DemoRoutes, "--json"];
        var (exitCode, _, _) = await Artifacts.RunToolAsync(arguments, ("TMPDIR", temporary));
        Assert.Equal(0, exitCode);
        var entries = Directory.EnumerateFileSystemEntries(temporary).Select(Path.GetFileName);
        Assert.DoesNotContain(entries, entry => entry!.StartsWith("fasttrigger", StringComparison.Ordinal));
        Assert.Equal(guarded, StateOfGuard());
        Directory.Delete(temporary, recursive: true);

        static string[] StateOfGuard() => Directory.Exists("/var/lib/fasttrigger")
            ? [.. Directory.GetFileSystemEntries("/var/lib/fasttrigger", "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
            : ["none"];
    }

    private static void AssertMembers(JsonArray all, params string[] members) =>
        Assert.All(all, one => Assert.Equal(members, one!.AsObject().Select(member => member.Key)));

    private static async Task<(JsonObject Document, int ExitCode)> RunAsync(params string[] events)
    {
        var files = events.Select(name => Artifacts.Demo(name + ".json"));
        var (exitCode, output, error) = await Artifacts.RunToolAsync(["run", .. files, .. Artifacts.DemoRoutes, "--json"]);
        Assert.Equal("", error);
        return (JsonNode.Parse(output)!.AsObject(), exitCode);
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    private static JsonNode Instance(JsonNode document, string id) =>
        document.List("instances").Single(instance => Text(instance!, "id") == id)!;
}
