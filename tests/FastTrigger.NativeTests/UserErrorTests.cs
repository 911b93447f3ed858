namespace FastTrigger.NativeTests;

/// <summary>What the published tool says of what its users write: command lines, routes, events and world files.</summary>
public sealed class UserErrorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-errors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("run /nowhere.json", "there is no file /nowhere.json")]
    [InlineData("run build/demo/launch.json --routes /nowhere.json", "there is no file /nowhere.json")]
    [InlineData("run build/demo/launch.json", "there is no routes.json in this folder", "fasttrigger init")]
    [InlineData("run build", "build is a folder")]
    [InlineData("run", "fasttrigger run needs EVENT", "see fasttrigger run --help")]
    [InlineData("run build/demo/launch.json --rutes x", "fasttrigger run has no option --rutes", "did you mean '--routes'?")]
    [InlineData("run build/demo/launch.json --expect good", "'good'", "see fasttrigger run --help")]
    [InlineData("run build/demo/launch.json --routes build/demo/routes.json --env nonsense", "--env takes NAME=VALUE")]
    [InlineData("check /nowhere.json", "/nowhere.json")]
    [InlineData("run build/demo/launch.json --routes build/demo/routes.json --world nowhere.json", "there is no file nowhere.json")]
    [InlineData("run build/demo/launch.json --timeout -1", "--timeout takes 1 to 900 seconds, not -1")]
    [InlineData("run build/demo/launch.json --account 12", "--account takes the 12 digits of an account, not 12")]
    [InlineData("run build/demo/launch.json --region mars", "--region takes a region such as eu-central-1, not mars")]
    [InlineData("run build/demo/launch.json --dead-letters x", "--dead-letters needs --asynchronous")]
    [InlineData("serve --port 99999", "--port takes 0 to 65535")]
    [InlineData("pack --arch x86", "'x86'")]
    [InlineData("run build/demo/launch.json --routes build/demo/routes.json --state README.md", "--state README.md is a file")]
    [InlineData("run build/demo/launch.json --asynchronous --dead-letters nowhere/x", "nowhere/x")]
    [InlineData("events eventbridge --set detail=\"\\ud800\"", "half of a surrogate pair is not a character")]
    [InlineData("events eventbridge --set detail={\"a\":1,\"a\":2}", "this value is JSON that no event may have")]
    [InlineData("replay README.md --rate 1e-300", "a --rate from 0.001 to 1000")]
    [InlineData("match", "fasttrigger match needs EVENT", "see fasttrigger match --help")]
    [InlineData("match /nowhere.json", "there is no file /nowhere.json", "see fasttrigger match --help")]
    [InlineData("match build/image", "build/image has no .json", "in it or below it")]
    [InlineData("match build/demo/launch.json", "there is no routes.json in this folder", "fasttrigger init")]
    [InlineData("match build/demo/launch.json --pattern {} --rules x", "--routes, --rules and --pattern exclude each other", "see")]
    [InlineData("match build/demo/launch.json --rules build/demo/launch.json", "is no list of rules", "aws events list-rules")]
    [InlineData("polcy", "fasttrigger has no command 'polcy'", "did you mean 'policy'?")]
    [InlineData("policy routes.json", "fasttrigger policy does not take 'routes.json'", "see fasttrigger policy --help")]
    [InlineData("template --timeout 0 --routes build/demo/routes.json", "--timeout takes 1 to 900 seconds, not 0")]
    public async Task A_usage_error_is_two_lines_and_exit_code_2(string arguments, string error, string right = "")
    {
        var (exitCode, output, errors) = await Artifacts.RunToolAsync(arguments.Split(' '));
        Assert.Equal((2, ""), (exitCode, output));
        var lines = errors.TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains(error, lines[0], StringComparison.Ordinal);
        Assert.Contains(right, lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_in_a_world_file_has_its_line_and_column()
    {
        var file = Path.Combine(_folder, "world.json");
        await File.WriteAllTextAsync(
            file,
            """
            {
              "instances": [{"id": "i-0aaaaaaaaaaaaaaa1", "stat": "running", "agent": "onlin"}],
              "sites": {},
              "faults": [{"kind": "throtle", "times": -1}, {}],
              "server": []
            }
            """,
            Artifacts.Token);
        string[] arguments = ["run", Artifacts.Demo("launch.json"), .. Artifacts.DemoRoutes, "--world", file];
        var (exitCode, _, error) = await Artifacts.RunToolAsync(arguments);
        Assert.Equal(2, exitCode);
        Assert.Equal(
            $"""
            {file}:2:47: 'stat' is no key of an entry of 'instances'; did you mean 'state'?
            {file}:2:75: 'agent' is "onlin"; did you mean 'online'?
            {file}:3:12: 'sites' takes a list, not an object
            {file}:4:23: 'kind' is "throtle"; did you mean 'throttle'?
            {file}:4:43: 'times' takes a whole number that is not negative, not -1
            {file}:4:48: an entry of 'faults' needs 'kind'
            {file}:5:3: 'server' is no key of a world file; it takes instances, sites, roles,
            """,
            string.Join(", ", error.Split(", ")[..^6]) + ",");
        await File.WriteAllTextAsync(file, "{\"sites\": [],\n}", Artifacts.Token);
        (_, _, error) = await Artifacts.RunToolAsync(arguments);
        Assert.StartsWith($"{file}:1:13: a trailing comma", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server")]
    [InlineData("i-/../../../outside")]
    [InlineData("")]
    public async Task An_instance_needs_an_id_that_is_one(string id)
    {
        var file = Path.Combine(_folder, "world.json");
        await File.WriteAllTextAsync(file, $$"""{"instances": [{"id": "{{id}}"}]}""", Artifacts.Token);
        var (exitCode, _, error) = await Artifacts.RunToolAsync(
            ["run", Artifacts.Demo("launch.json"), .. Artifacts.DemoRoutes, "--world", file]);
        Assert.Equal(2, exitCode);
        Assert.StartsWith($"{file}:1:23: 'id' is not right: an instance has an id such as i-0123", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_that_is_nested_without_end_is_refused()
    {
        var file = Path.Combine(_folder, "deployed.yaml");
        await File.WriteAllTextAsync(file, new string('[', 100_000), Artifacts.Token);
        var (exitCode, _, error) = await Artifacts.RunToolAsync(["template", "--routes", "build/demo/routes.json", "--check", file]);
        Assert.Equal(2, exitCode);
        Assert.Contains("nested deeper than 256 levels", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AWS_LAMBDA_LOG_LEVEL=FATAL")]
    [InlineData("AWS_LAMBDA_LOG_FORMAT=Text")]
    public async Task A_run_whose_log_says_nothing_is_not_done(string variable)
    {
        var (exitCode, output, _) = await Artifacts.RunToolAsync(
            ["run", Artifacts.Demo("tank-normal.json"), .. Artifacts.DemoRoutes, "--env", variable]);
        Assert.Equal(1, exitCode);
        Assert.Contains("leave its level at INFO and its format at JSON", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_in_two_lines()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        var (exitCode, _, error) = await Artifacts.RunToolAsync(["serve", "--port", $"{port}", .. Artifacts.DemoRoutes]);
        Assert.Equal(2, exitCode);
        Assert.StartsWith($"--port {port}: ", error, StringComparison.Ordinal);
        Assert.EndsWith("\nname another port, or 0 for a free one\n", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"when\": {\"body\": {\"a\": [1]}}", "events of EventBridge have no 'body'")]
    [InlineData("\"when\": {\"detailType\": [\"x\"]}", "did you mean 'detail-type'?")]
    [InlineData("\"when\": {\"detail\": {\"level\": {\"numeric\": [\">\", 80]}}}", "an operator stands in a list: [{\"numeric\":")]
    [InlineData("\"schedule\": \"cron(30 7 ? * 2-6 *)\"", "1 is Sunday and 7 is Saturday")]
    public async Task What_is_hardly_meant_is_a_warning(string trigger, string warning)
    {
        var file = Path.Combine(_folder, "routes.json");
        var text = $$$"""{"routes": [{"name": "a", {{{trigger}}}, "do": [{"check-website": {"url": "https://localhost/"}}]}]}""";
        await File.WriteAllTextAsync(file, text, Artifacts.Token);
        var (exitCode, output, _) = await Artifacts.RunToolAsync(["check", file]);
        Assert.Equal(0, exitCode);
        Assert.Contains(warning, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_on_a_schedule_says_which_event_it_takes()
    {
        string[] run = ["run", "-", .. Artifacts.DemoRoutes];
        var command = $"{Artifacts.Tool} events scheduler OPTIONS | {Artifacts.Tool} {string.Join(' ', run)}";
        var (_, output, _) = await Artifacts.RunAsync("bash", ["-c", command.Replace("OPTIONS", "", StringComparison.Ordinal)]);
        const string Options = "--variant route --set fasttrigger-route=site-up";
        Assert.Contains($"fasttrigger events scheduler {Options} prints such an event", output, StringComparison.Ordinal);
        (_, output, _) = await Artifacts.RunAsync("bash", ["-c", command.Replace("OPTIONS", Options, StringComparison.Ordinal)]);
        Assert.EndsWith("everything was done\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_Windows_editors_and_shells_are_read()
    {
        foreach (var name in (string[])["routes.json", "world.json"])
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, name), Artifacts.Read(name), new UTF8Encoding(true), Artifacts.Token);
        }

        var (utf8, utf16) = (Path.Combine(_folder, "utf8.json"), Path.Combine(_folder, "utf16.json"));
        await File.WriteAllTextAsync(utf8, Artifacts.Read("launch.json"), new UTF8Encoding(true), Artifacts.Token);
        await File.WriteAllTextAsync(utf16, Artifacts.Read("launch.json"), Encoding.Unicode, Artifacts.Token);
        var routes = Path.Combine(_folder, "routes.json");
        var (exitCode, output, _) = await Artifacts.RunToolAsync(["run", utf8, utf16, "--routes", routes]);
        Assert.True(exitCode == 0, output);
        foreach (var command in (string[])["check", "policy --routes", "template --routes"])
        {
            (exitCode, _, var error) = await Artifacts.RunToolAsync([.. command.Split(' '), routes]);
            Assert.True(exitCode == 0, error);
        }
    }

    [Theory]
    [InlineData("{\"routes\": []}", "utf-8", "1:12: ")]
    [InlineData("{\"routes\": [],}", "utf-8", "1:14: a trailing comma")]
    [InlineData("{\"routes\": []}", "utf-16", "1:1: the file is not UTF-8 here")]
    public async Task Routes_are_checked_as_the_function_reads_them(string text, string encoding, string expected)
    {
        // With a byte order mark, which is no column.
        var file = Path.Combine(_folder, "routes.json");
        await File.WriteAllTextAsync(file, text, Encoding.GetEncoding(encoding), Artifacts.Token);
        foreach (var command in (string[])["check", "policy --routes", "match {0} --routes", "run {0} --routes"])
        {
            string[] arguments = [.. command.Replace("{0}", Artifacts.Demo("launch.json"), StringComparison.Ordinal).Split(' '), file];
            var (exitCode, _, error) = await Artifacts.RunToolAsync(arguments);
            Assert.NotEqual(0, exitCode);
            Assert.Contains($"{file}:{expected}", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_mistake_in_the_routes_is_said_before_anything_runs()
    {
        var file = Path.Combine(_folder, "routes.json");
        await File.WriteAllTextAsync(file, "{\"routes\": []", Artifacts.Token);
        var (exitCode, output, error) = await Artifacts.RunToolAsync(["run", Artifacts.Demo("launch.json"), "--routes", file]);
        Assert.Equal((1, "", $"{file}:1:1: this {{ is not closed: a }} is missing\n"), (exitCode, output, error));
    }

    [Fact]
    public async Task Check_takes_several_files_and_standard_input()
    {
        string[] files = [Artifacts.Demo("routes.json"), "build/demo/actions/routes.json"];
        var (exitCode, output, _) = await Artifacts.RunToolAsync(["check", .. files]);
        Assert.Equal((0, 2), (exitCode, output.Split('\n').Count(line => line.EndsWith("no errors", StringComparison.Ordinal))));
        const string Command = "echo '[' | artifacts/fasttrigger check build/demo/routes.json -";
        (exitCode, _, var error) = await Artifacts.RunAsync("bash", ["-c", Command]);
        Assert.Equal((1, "standard input:1:1: this [ is not closed: a ] is missing\n"), (exitCode, error));
    }

    [Theory]
    [InlineData("\"state\": \"running\"", "\"state\": \"Running\"",
        "detail.state wants \"running\", and the event has \"Running\"; only upper and lower case differ")]
    [InlineData("\"state\": \"running\"", "\"status\": \"running\"",
        "detail.state wants \"running\", and the event has nothing there; the event has \"running\" at detail.status")]
    [InlineData("\"detail\": {", "\"detail\": \"text\", \"other\": {",
        "detail.state wants \"running\", and the event has nothing there; the event has the field 'state' at other.state, and it matches")]
    [InlineData("\"source\": \"aws.ec2\"", "\"source\": \"aws.ecs\"", "source wants \"aws.ec2\", and the event has \"aws.ecs\"")]
    public async Task Each_route_says_why_it_does_not_take_an_event(string right, string wrong, string reason)
    {
        var file = Path.Combine(_folder, "event.json");
        var text = Artifacts.Read("running.json");
        Assert.Contains(right, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text.Replace(right, wrong, StringComparison.Ordinal), Artifacts.Token);
        var (exitCode, output, _) = await Artifacts.RunToolAsync(["run", file, .. Artifacts.DemoRoutes]);
        Assert.Equal(1, exitCode);
        Assert.Contains(reason, output, StringComparison.Ordinal);
        (_, output, _) = await Artifacts.RunToolAsync(["run", file, .. Artifacts.DemoRoutes, "--json"]);
        var routes = JsonNode.Parse(output)!["invocations"]![0]!["unmatched"]![0]!["routes"]!.AsArray();
        Assert.Equal(6, routes.Count);
        Assert.Contains(routes.SelectMany(route => route!["fields"]!.AsArray()), one => one!["field"]!.ToString() == reason.Split(' ')[0]);
    }
}
