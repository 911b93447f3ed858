using FastTrigger.Cli.LocalAws;

namespace FastTrigger.NativeTests;

/// <summary>Inputs and settings that must not crash or hang the native function.</summary>
public sealed class BadInputTests
{
    public static TheoryData<string> Payloads => ["empty", "no JSON", "truncated", "deep", "invalid UTF-8", "lone quote", "not an object"];

    [Theory]
    [MemberData(nameof(Payloads))]
    public async Task A_bad_event_is_an_error_and_the_next_one_is_served(string name)
    {
        var payload = name switch
        {
            "empty" => [],
            "no JSON" => "hello"u8.ToArray(),
            "truncated" => Encoding.UTF8.GetBytes(Artifacts.Read("launch.json")[..900]),
            "deep" => Encoding.UTF8.GetBytes(new string('[', 100_000) + new string(']', 100_000)),
            "invalid UTF-8" => [.. "{\"a\":\""u8, 0xc3, 0x28, .. "\"}"u8],
            "lone quote" => "\""u8.ToArray(),
            _ => "[1,2,3]"u8.ToArray(),
        };
        await using var function = await NativeFunction.StartAsync();
        var (document, errorType) = await function.InvokeAsync(payload);
        if (name == "not an object")
        {
            Assert.Equal("""{"items":3,"routes":[]}""", document!.ToJsonString());
        }
        else
        {
            Assert.Equal("Function.InvalidEvent", errorType);
            Assert.Matches("offset [0-9]+|is empty", document!["errorMessage"]!.GetValue<string>());
        }

        (document, errorType) = await function.InvokeAsync(Artifacts.Read("tank-normal.json"));
        Assert.Null(errorType);
        Assert.False(function.Environment.HasExited);
    }

    [Theory]
    [InlineData("\"responseElements\": null", "Function.ActionFailed", "responseElements")]
    [InlineData("\"errorCode\": \"Client.UnauthorizedOperation\", \"responseElements\": null", null, "Client.UnauthorizedOperation")]
    public async Task A_call_that_launched_nothing_has_its_reason(string replacement, string? expected, string reason)
    {
        var launch = JsonNode.Parse(Artifacts.Read("launch.json"))!;
        launch["detail"]!.AsObject().Remove("responseElements");
        var payload = launch.ToJsonString().Replace("\"eventVersion\"", replacement + ",\"eventVersion\"", StringComparison.Ordinal);
        await using var function = await NativeFunction.StartAsync();
        var (document, errorType) = await function.InvokeAsync(payload);
        Assert.Equal(expected, errorType);
        Assert.Contains(reason, document!.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(function.World.Calls);
    }

    [Fact]
    public async Task An_unknown_identity_is_skipped_with_its_reason()
    {
        await using var function = await NativeFunction.StartAsync();
        var payload = Artifacts.Read("launch.json").Replace("\"AssumedRole\"", "\"Martian\"", StringComparison.Ordinal);
        var (document, errorType) = await function.InvokeAsync(payload);
        Assert.Null(errorType);
        Assert.Equal("skipped", document!["routes"]![0]!["actions"]![0]!["outcome"]!.GetValue<string>());
        Assert.Contains("Martian", document.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_that_needs_the_act_once_table_does_not_start_without_one_C4_3()
    {
        const string Routes = """{"routes":[{"name":"ring","when":{"x":["y"]},"do":[{"call":{"url":"https://localhost/"}}]}]}""";
        await using var function = await NativeFunction.StartAsync(Routes);
        Assert.False(await function.Environment.WaitForInitAsync());
        Assert.Contains(
            "route 'ring' acts once by an entry in DynamoDB, and FASTTRIGGER_ONCE_TABLE names no table",
            function.Environment.InitError.Text("errorMessage"),
            StringComparison.Ordinal);
        await using var named = await NativeFunction.StartAsync(Routes, variables: ("FASTTRIGGER_ONCE_TABLE", "once"));
        Assert.True(await named.Environment.WaitForInitAsync());
        await using var wrong = await NativeFunction.StartAsync(
            Routes,
            variables: [("FASTTRIGGER_ONCE_TABLE", "once"), ("FASTTRIGGER_DRY_RUN", "yes")]);
        Assert.False(await wrong.Environment.WaitForInitAsync());
        Assert.Contains(
            "FASTTRIGGER_DRY_RUN is 'yes'; true or false is expected",
            wrong.Environment.InitError.Text("errorMessage"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_mistakes_in_the_routes_end_the_start_with_all_of_them()
    {
        const string Routes = """
            {
            "unmached": 1,
            "unmatched": "maybe",
            "allow": { "accounts": "123456789012" },
            "trust": ["plant-queue"],
            "routes": [
            { "name": "a b", "when": { "x": ["y"] }, "do": [{ "tag": { "tags": { "a": "b" } } }] },
            { "name": "c", "when": { "x": "y" }, "do": [{ "tag": { "tags": { "a": "b" } } }] },
            { "name": "d", "schedule": "hourly", "do": [{ "tag": { "tags": { "a": "b" } } }] },
            { "name": "e", "when": { "x": ["y"] }, "do": [{ "reboot": {} }] },
            { "name": "f", "when": { "x": ["y"] }, "do": [{ "tag": { "tags": { "a": "${nobody}" } } }] },
            { "name": "f", "when": { "x": ["y"] }, "do": [{ "tag": { "tags": { "a": "b" } } }] }
            ]}
            """;
        await using var function = await NativeFunction.StartAsync(Routes);
        Assert.False(await function.Environment.WaitForInitAsync());
        await function.Environment.WaitForExitAsync();
        Assert.Equal(1, function.Environment.ExitCode);
        var message = function.Environment.InitError!["errorMessage"]!.GetValue<string>();
        Assert.Equal("Function.InvalidConfiguration", function.Environment.InitError["errorType"]!.GetValue<string>());
        foreach (var line in (int[])[2, 3, 4, 5, 7, 8, 9, 10, 11, 12])
        {
            Assert.Contains($"routes.json:{line}:", message, StringComparison.Ordinal);
            Assert.Contains(function.Environment.StandardError, error => error.Contains($"routes.json:{line}:", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("FASTTRIGGER_ROUTES", "/nowhere/routes.json", "No such file")]
    [InlineData("AWS_LAMBDA_MAX_CONCURRENCY", "many", "AWS_LAMBDA_MAX_CONCURRENCY is 'many'")]
    [InlineData("HTTPS_PROXY", "https://proxy.example", "HTTPS_PROXY")]
    [InlineData("AWS_LAMBDA_LOG_LEVEL", "LOUD", "AWS_LAMBDA_LOG_LEVEL is 'LOUD'")]
    public async Task Settings_that_cannot_be_used_end_the_start(string name, string value, string reason)
    {
        await using var function = await NativeFunction.StartAsync(variables: (name, value));
        Assert.False(await function.Environment.WaitForInitAsync());
        await function.Environment.WaitForExitAsync();
        Assert.Equal(1, function.Environment.ExitCode);
        Assert.Contains(reason, function.Environment.InitError!["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_runtime_api_it_says_what_it_is()
    {
        var (exitCode, _, error) = await Artifacts.RunAsync("/usr/bin/env", ["-i", Artifacts.Bootstrap]);
        Assert.Equal(1, exitCode);
        Assert.Contains("AWS_LAMBDA_RUNTIME_API", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AWS_ENDPOINT_URL", "http://127.0.0.1:9", "Function.ActionRetry", "Connection refused")]
    [InlineData("AWS_CA_BUNDLE", "/etc/ssl/certs/ca-certificates.crt", "Function.ActionFailed", "certificate of localhost was refused")]
    [InlineData("AWS_ACCESS_KEY_ID", "", "Function.ActionFailed", "no AWS credentials")]
    [InlineData("AWS_SECRET_ACCESS_KEY", "wrong", "Function.ActionFailed", "AuthFailure")]
    public async Task What_cannot_be_reached_or_used_fails_the_invocation(string name, string value, string expected, string reason)
    {
        await using var function = await NativeFunction.StartAsync(variables: (name, value));
        var (document, errorType) = await function.InvokeAsync(Artifacts.Read("launch.json"));
        Assert.Equal(expected, errorType);
        Assert.Contains(reason, document!["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.False(function.Environment.HasExited);
    }

    [Fact]
    public async Task Expired_credentials_are_reported_and_end_the_environment()
    {
        await using var function = await NativeFunction.StartAsync(variables: ("AWS_SESSION_TOKEN", "expired"));
        var (_, errorType) = await function.InvokeAsync(Artifacts.Read("launch.json"));
        Assert.Equal("Function.ExpiredToken", errorType);
        await function.Environment.WaitForExitAsync();
        Assert.Equal(1, function.Environment.ExitCode);
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(9, "Function.ActionRetry")]
    public async Task Throttling_is_waited_out_or_is_a_retry(int times, string? expected)
    {
        var fault = new Fault { Operation = "CreateTags", Kind = FaultKind.Throttle, Times = times };
        await using var function = await NativeFunction.StartAsync(file: new() { Faults = [fault] });
        var (_, errorType) = await function.InvokeAsync(Artifacts.Read("launch.json"));
        Assert.Equal(expected, errorType);
    }

    [Fact]
    public async Task A_missing_variable_fails_its_action_and_is_named()
    {
        await using var function = await NativeFunction.StartAsync(variables: ("SITE", ""));
        var (document, errorType) = await function.InvokeAsync(Artifacts.Read("site-check.json"));
        Assert.Equal("Function.ActionFailed", errorType);
        Assert.Contains("the environment variable SITE is missing", document!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_never_answers_fails_the_invocation_before_lambda_ends_it()
    {
        var fault = new Fault { Kind = FaultKind.Silent, Times = 9 };
        await using var function = await NativeFunction.StartAsync(file: new() { Faults = [fault] }, seconds: 6);
        var (_, errorType) = await function.InvokeAsync(Artifacts.Read("launch.json"));
        Assert.Equal("Function.DeadlineExceeded", errorType);
    }
}
