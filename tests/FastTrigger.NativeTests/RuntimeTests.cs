using FastTrigger.Cli.LocalAws;

namespace FastTrigger.NativeTests;

/// <summary>The native function as Lambda runs it.</summary>
public sealed class RuntimeTests
{
    private static string Handler(string name) => $$"""
        {"routes": [{"name": "r", "when": {"name": [{"exists": true}]}, "do": [{"handler": {"name": "{{name}}"} }]}]}
        """;

    [Fact]
    public async Task The_address_may_have_a_path()
    {
        await using var function = await NativeFunction.StartAsync(pathPrefix: "/environment/7");
        Assert.Null((await function.InvokeAsync(Artifacts.Read("tank-normal.json"))).ErrorType);
    }

    [Fact]
    public async Task Several_invocations_run_concurrently_when_lambda_allows_it()
    {
        const int Concurrency = 4;
        var slow = new Fault { Operation = "DescribeTags", Kind = FaultKind.Slow, Milliseconds = 1_500, Times = Concurrency };
        await using var function = await NativeFunction.StartAsync(
            file: new() { Faults = [slow] },
            concurrency: Concurrency,
            variables: ("AWS_LAMBDA_LOG_FORMAT", "Text"));
        var started = DateTimeOffset.UtcNow;
        var all = await Task.WhenAll(Enumerable.Range(0, Concurrency).Select(_ => function.InvokeAsync(Artifacts.Read("launch.json"))));
        Assert.All(all, outcome => Assert.Null(outcome.ErrorType));
        // In sequence they would take four times as long. Every call starts before the first one ends.
        var calls = function.World.Calls.Where(call => call.Operation == "DescribeTags").Select(call => call.At).ToList();
        Assert.Equal(Concurrency, calls.Count);
        Assert.True(calls.Max() - started < TimeSpan.FromSeconds(1.5 * Concurrency));
        // Lines of concurrent invocations need a request id, in any log format.
        Assert.All(function.Logs, line => Assert.NotNull(JsonNode.Parse(line)!["requestId"]));
    }

    [Fact]
    public async Task The_trace_of_an_invocation_is_in_the_environment_and_is_removed_after_it()
    {
        await using var function = await NativeFunction.StartAsync(Handler("trace"), bootstrap: Artifacts.Handlers);
        var (document, _) = await function.InvokeAsync("{\"name\":\"x\"}", traceId: "Root=1");
        Assert.Contains("Root=1|Root=1", document!.ToJsonString(), StringComparison.Ordinal);
        (document, _) = await function.InvokeAsync("{\"name\":\"x\"}");
        Assert.Contains("none|unset", document!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trace_is_never_in_the_environment_of_concurrent_invocations()
    {
        await using var function = await NativeFunction.StartAsync(Handler("trace"), bootstrap: Artifacts.Handlers, concurrency: 2);
        var (document, _) = await function.InvokeAsync("{\"name\":\"x\"}", traceId: "Root=1");
        Assert.Contains("Root=1|unset", document!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("raw", "{\"name\":\"x\",\"tank\":\"north\"}", null, "from direct in r")]
    [InlineData("typed", "{\"name\":\"north\",\"level\":42.5}", null, "tank north at 42.5")]
    [InlineData("typed", "{\"name\":\"north\",\"level\":142}", "Function.ActionFailed", "a level of 142")]
    [InlineData("typed", "{\"name\":\"north\",\"level\":\"high\"}", "Function.ActionFailed", "no TankEvent: $.level")]
    [InlineData("throws", "{\"name\":\"x\"}", "Function.ActionFailed", "InvalidOperationException: the pump is missing")]
    public async Task A_handler_in_csharp_is_called(string name, string payload, string? expected, string text)
    {
        await using var function = await NativeFunction.StartAsync(Handler(name), bootstrap: Artifacts.Handlers);
        var (document, errorType) = await function.InvokeAsync(payload);
        Assert.Equal(expected, errorType);
        Assert.Contains(text, document!.ToJsonString(), StringComparison.Ordinal);
        Assert.All(function.Logs, line => Assert.NotNull(JsonNode.Parse(line)));
    }

    [Fact]
    public async Task A_handler_that_obeys_its_token_ends_with_its_invocation()
    {
        await using var function = await NativeFunction.StartAsync(Handler("obeys"), bootstrap: Artifacts.Handlers, seconds: 6);
        var (_, errorType) = await function.InvokeAsync("{\"name\":\"x\"}");
        Assert.Equal("Function.DeadlineExceeded", errorType);
        Assert.False(function.Environment.HasExited);
    }

    [Fact]
    public async Task A_handler_that_blocks_is_reported_in_time_and_its_process_ends()
    {
        await using var function = await NativeFunction.StartAsync(Handler("blocks"), bootstrap: Artifacts.Handlers, seconds: 6);
        var (document, errorType) = await function.InvokeAsync("{\"name\":\"x\"}");
        Assert.Equal("Function.DeadlineExceeded", errorType);
        Assert.Contains("did not return", document!["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        await function.Environment.WaitForExitAsync();
        Assert.Equal(1, function.Environment.ExitCode);
    }

    [Fact]
    public async Task A_handler_that_is_not_registered_ends_the_start()
    {
        await using var function = await NativeFunction.StartAsync(Handler("nobody"), bootstrap: Artifacts.Handlers);
        Assert.False(await function.Environment.WaitForInitAsync());
        Assert.Contains(
            "no handler is registered as 'nobody': raw, typed",
            function.Environment.InitError.Text("errorMessage"),
            StringComparison.Ordinal);
        await using var plain = await NativeFunction.StartAsync(Handler("nobody"));
        Assert.False(await plain.Environment.WaitForInitAsync());
        Assert.Contains(
            "this bootstrap has no C# of yours",
            plain.Environment.InitError.Text("errorMessage"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_is_killed_is_an_exit_error_not_a_hang()
    {
        await using var function = await NativeFunction.StartAsync(file: new() { Faults = [new() { Kind = FaultKind.Silent }] });
        var invocation = function.InvokeAsync(Artifacts.Read("launch.json"));
        Assert.True(SpinWait.SpinUntil(() => function.World.Calls.Count > 0, TimeSpan.FromSeconds(20)));
        function.Environment.Kill();
        Assert.Equal("Runtime.ExitError", (await invocation).ErrorType);
    }

    [Theory]
    [InlineData(413, false)]
    [InlineData(403, false)]
    [InlineData(500, true)]
    public async Task A_refused_result_is_logged_and_a_failed_service_ends_the_process(int status, bool ends)
    {
        await using var function = await NativeFunction.StartAsync(seconds: 5);
        await function.Environment.WaitForInitAsync();
        function.Environment.Api.RefuseNextResultWith = status;
        _ = function.InvokeAsync(Artifacts.Read("tank-normal.json"));
        if (ends)
        {
            await function.Environment.WaitForExitAsync();
            Assert.Equal(1, function.Environment.ExitCode);
            return;
        }

        var expected = $"answered {status}";
        Assert.True(SpinWait.SpinUntil(
            () => function.Logs.Any(line => line.Contains(expected, StringComparison.Ordinal)),
            TimeSpan.FromSeconds(20)));
        Assert.False(function.Environment.HasExited);
    }

    [Fact]
    public async Task Logs_have_one_json_line_per_invocation_and_action_without_payload_or_secret()
    {
        await using var function = await NativeFunction.StartAsync(variables: [("SECRET_MARKER", "marker-in-environment")]);
        var launch = JsonNode.Parse(Artifacts.Read("launch.json"))!;
        launch["detail"]!["requestParameters"]!["userData"] = "marker-in-payload";
        await function.InvokeAsync(launch.ToJsonString());
        await function.InvokeAsync("{\"source\":\"marker-in-payload\",\"detail\":{\"password\":\"marker-in-payload\"}}");
        var all = string.Join('\n', function.Logs.Concat(function.Environment.StandardError));
        foreach (var secret in (string[])["marker", LocalKeys.SecretAccessKey, LocalKeys.SessionToken, "alice@example.com"])
        {
            Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
        }

        Assert.True(SpinWait.SpinUntil(() => function.Logs.Count == 3, TimeSpan.FromSeconds(20)));
        var lines = function.Logs.Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(["action", "invocation", "invocation"], lines.Select(line => line["message"]!.GetValue<string>()));
        Assert.All(lines, line => Assert.Equal("INFO", line["level"]!.GetValue<string>()));
        Assert.Equal(("owner-tag", "tag", "done"), (lines[0].Text("route"), lines[0].Text("action"), lines[0].Text("outcome")));
        // The reason why no route matches: the first field of each route that differs.
        Assert.StartsWith(
            "owner-tag: source, start-pump-controller: source, drain-tank: source, site-up: schedule,",
            lines[2].Text("unmatched"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tank-normal.json", "off", 4_608)]
    [InlineData("launch.json", "full", 9_728)]
    public async Task Peak_memory_is_bounded(string payload, string warm, int kib)
    {
        await using var function = await NativeFunction.StartAsync(variables: ("FASTTRIGGER_WARM", warm));
        Assert.Null((await function.InvokeAsync(Artifacts.Read(payload))).ErrorType);
        var peak = File.ReadAllLines($"/proc/{function.Environment.ProcessId}/status")
            .Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        Assert.InRange(int.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], provider: null), 1, kib);
    }

    /// <summary>The heap is limited to 384 MiB. A handler that uses less succeeds, and one that needs more fails alone.</summary>
    [Fact]
    public async Task A_handler_may_use_most_of_the_heap_and_one_that_needs_more_fails_alone()
    {
        await using var function = await NativeFunction.StartAsync(
            Handler("keeps"),
            bootstrap: Artifacts.Handlers,
            variables: ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"));
        Assert.Null((await function.InvokeAsync("{\"name\":\"x\",\"mebibytes\":300}")).ErrorType);
        var (document, errorType) = await function.InvokeAsync("{\"name\":\"x\",\"mebibytes\":400}");
        Assert.Equal("Function.ActionFailed", errorType);
        Assert.Contains("OutOfMemoryException", document!.ToJsonString(), StringComparison.Ordinal);
        Assert.Null((await function.InvokeAsync("{\"name\":\"x\",\"mebibytes\":300}")).ErrorType);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "0}")]
    public async Task Events_of_6_MiB_that_consist_of_structure_are_read_one_after_another(string open, string close)
    {
        await using var function = await NativeFunction.StartAsync(variables: ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"));
        const int Depth = 250;
        var innermost = open == "[" ? "" : "0";
        var ends = string.Concat(Enumerable.Repeat(close[^1..], Depth));
        var element = string.Concat(Enumerable.Repeat(open, Depth)) + innermost + ends;
        var elements = Enumerable.Repeat(element, ((6 * 1024 * 1024) - 11) / (element.Length + 1));
        var payload = "{\"list\":[" + string.Join(',', elements) + "]}";
        for (var i = 0; i < 3; i++)
        {
            var (document, errorType) = await function.InvokeAsync(payload);
            Assert.True(errorType is null, $"{i}: {document?.ToJsonString()}");
        }
    }

    /// <summary>The dynamic one does not read the system's openssl.cnf, which would cost time, but it reads a file that is named.</summary>
    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "Function.ActionFailed")]
    public async Task OpenSSLs_settings_are_read_when_a_file_is_named(bool named, string? expected)
    {
        var file = Path.GetTempFileName();
        const string Settings =
            "openssl_conf = all\n[all]\nssl_conf = tls\n[tls]\nsystem_default = limits\n[limits]\nMaxProtocol = TLSv1.1\n";
        await File.WriteAllTextAsync(file, Settings, Artifacts.Token);
        (string, string)[] variables = named ? [("OPENSSL_CONF", file)] : [];
        var world = new WorldFile { Sites = [new() { Path = "/", Body = "all pumps running" }] };
        await using var function = await NativeFunction.StartAsync(file: world, bootstrap: Artifacts.Dynamic, variables: variables);
        var (document, errorType) = await function.InvokeAsync(Artifacts.Read("site-check.json"));
        Assert.True(errorType == expected, document?.ToJsonString());
        File.Delete(file);
    }

    [Fact]
    public async Task Before_the_first_event_everything_is_ready_and_nothing_has_happened()
    {
        await using var function = await NativeFunction.StartAsync(variables: ("AWS_LAMBDA_LOG_LEVEL", "DEBUG"));
        Assert.True(await function.Environment.WaitForInitAsync());
        Assert.Empty(function.World.Calls);
        Assert.Null((await function.InvokeAsync(Artifacts.Read("launch.json"))).ErrorType);
        var calls = function.World.Calls.Count;
        Assert.True(SpinWait.SpinUntil(() => function.Logs.Count == calls + 3, TimeSpan.FromSeconds(20)));
        var lines = function.Logs.Select(line => JsonNode.Parse(line)!["message"]!.GetValue<string>()).ToList();
        Assert.Equal(["warmed up", .. Enumerable.Repeat("AWS call", calls), "action", "invocation"], lines);
    }
}
