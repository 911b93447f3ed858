using FastTrigger.Cli.LocalAws;

namespace FastTrigger.NativeTests;

/// <summary>What may come in and must neither crash nor hang the native function.</summary>
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
            Assert.Equal("""{"items":1,"routes":[]}""", document!.ToJsonString());
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
    [InlineData("[],", 2_097_100)]
    [InlineData("1,", 3_145_600)]
    [InlineData("\"\\u00e4\\ud83d\\ude00\",", 299_000)]
    [InlineData("{\"a\":{\"b\":[]}},", 419_000)]
    public async Task Six_megabytes_are_read_within_the_heap_limit(string element, int count)
    {
        var payload = Encoding.ASCII.GetBytes("{\"source\":\"water.plant\",\"list\":[" + string.Concat(Enumerable.Repeat(element, count)) + "0]}");
        Assert.InRange(payload.Length, 5_600_000, 6 * 1024 * 1024);
        await using var function = await NativeFunction.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            var (document, errorType) = await function.InvokeAsync(payload);
            Assert.True(errorType is null, document?.ToJsonString());
        }
    }

    [Theory]
    [InlineData(5, "[],")]
    [InlineData(1, "[],")]
    [InlineData(40, "{\"a\":{\"b\":[]}},")]
    [InlineData(5_000, "1,")]
    public async Task Six_megabytes_of_messages_are_opened_within_the_heap_limit(int messages, string element)
    {
        const int Most = 5_950_000;
        var each = (Most / messages) - 250;
        var body = "{\"list\":[" + string.Concat(Enumerable.Repeat(element, (each - 20) / (element.Length + element.Count(letter => letter == '"')))) + "0]}";
        var record = new JsonObject { ["messageId"] = "m", ["body"] = body, ["attributes"] = new JsonObject(), ["messageAttributes"] = new JsonObject(), ["eventSource"] = "aws:sqs", ["eventSourceARN"] = "arn:aws:sqs:us-east-1:123456789012:q" }
            .ToJsonString(Cli.ReadableJson.OneLine);
        var payload = Encoding.UTF8.GetBytes("{\"Records\":[" + string.Join(',', Enumerable.Range(0, messages).Select(i => record.Replace("\"messageId\":\"m\"", $"\"messageId\":\"m-{i}\"", StringComparison.Ordinal))) + "]}");
        Assert.InRange(payload.Length, 5_000_000, 6 * 1024 * 1024);
        await using var function = await NativeFunction.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            var (document, errorType) = await function.InvokeAsync(payload);
            Assert.True(errorType is null, document?.ToJsonString());
            Assert.Equal(messages, document!["items"]!.GetValue<int>());
        }
    }

    [Theory]
    [InlineData("http", "body", "plain")]
    [InlineData("http", "body", "base64")]
    [InlineData("http", "body", "escaped")]
    [InlineData("http", "pathParameters", "brackets")]
    [InlineData("codepipeline", "x", "brackets")]
    [InlineData("config", "x", "brackets")]
    [InlineData("dynamodb", "Records", "brackets")]
    [InlineData("cloudformation", "ResourceProperties", "brackets")]
    public async Task Six_megabytes_of_any_source_are_answered_within_the_heap_limit(string sample, string member, string content)
    {
        const int Most = 5_900_000;
        var root = JsonNode.Parse(Cli.Samples.SampleEvents.Read(sample))!;
        var target = root["CodePipeline.job"]?["data"] ?? root;
        target[member] = member == "Records" ? new JsonArray(root["Records"]![0]!.DeepClone()) : "PLACE";
        if (member == "Records")
        {
            target[member]![0]!["more"] = "PLACE";
        }

        root["isBase64Encoded"] = content == "base64";
        var text = content switch
        {
            "plain" => '"' + new string('x', Most) + '"',
            "base64" => '"' + Convert.ToBase64String(new byte[Most / 4 * 3]) + '"',
            "escaped" => '"' + string.Concat(Enumerable.Repeat("\\u00e4", Most / 6)) + '"',
            _ => "{\"list\":[" + string.Concat(Enumerable.Repeat("[],", Most / 3)) + "0]}",
        };
        var payload = Encoding.UTF8.GetBytes(root.ToJsonString().Replace("\"PLACE\"", text, StringComparison.Ordinal));
        Assert.InRange(payload.Length, 5_000_000, 6 * 1024 * 1024);
        await using var function = await NativeFunction.StartAsync(routes: """{"routes":[{"name":"r","from":["http"],"auth":{"hmac":{"secret":"${env.SITE}"}},"when":{"isBase64Encoded":[true,false]},"do":[{"check-website":{"url":"${env.SITE}"}}]}]}""", variables: ("FASTTRIGGER_ONCE_TABLE", "once"));
        for (var i = 0; i < 3; i++)
        {
            var (document, errorType) = await function.InvokeAsync(payload);
            Assert.True(errorType is null, document?.ToJsonString());
        }

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
        var (document, errorType) = await function.InvokeAsync(Artifacts.Read("launch.json").Replace("\"AssumedRole\"", "\"Martian\"", StringComparison.Ordinal));
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
        Assert.Contains("route 'ring' acts once by an entry in DynamoDB, and FASTTRIGGER_ONCE_TABLE names no table", function.Environment.InitError!["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        await using var named = await NativeFunction.StartAsync(Routes, variables: ("FASTTRIGGER_ONCE_TABLE", "once"));
        Assert.True(await named.Environment.WaitForInitAsync());
        await using var wrong = await NativeFunction.StartAsync(Routes, variables: [("FASTTRIGGER_ONCE_TABLE", "once"), ("FASTTRIGGER_DRY_RUN", "yes")]);
        Assert.False(await wrong.Environment.WaitForInitAsync());
        Assert.Contains("FASTTRIGGER_DRY_RUN is 'yes'; true or false is expected", wrong.Environment.InitError!["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
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
        await using var function = await NativeFunction.StartAsync(file: new() { Faults = [new() { Operation = "CreateTags", Kind = FaultKind.Throttle, Times = times }] });
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
        await using var function = await NativeFunction.StartAsync(file: new() { Faults = [new() { Kind = FaultKind.Silent, Times = 9 }] }, seconds: 6);
        var (_, errorType) = await function.InvokeAsync(Artifacts.Read("launch.json"));
        Assert.Equal("Function.DeadlineExceeded", errorType);
    }
}
