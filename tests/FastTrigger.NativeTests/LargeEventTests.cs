namespace FastTrigger.NativeTests;

/// <summary>Events of six megabytes, which is the most that Lambda delivers.</summary>
public sealed class LargeEventTests
{
    /// <summary>More memory than the heap limit, so that only the limit counts.</summary>
    private static readonly (string Name, string Value) s_roomy = ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512");

    [Theory]
    [InlineData("[],", 2_097_100)]
    [InlineData("1,", 3_145_600)]
    [InlineData("\"\\u00e4\\ud83d\\ude00\",", 299_000)]
    [InlineData("{\"a\":{\"b\":[]}},", 419_000)]
    public async Task Six_megabytes_are_read_within_the_heap_limit(string element, int count)
    {
        var elements = string.Concat(Enumerable.Repeat(element, count));
        var payload = Encoding.ASCII.GetBytes("{\"source\":\"water.plant\",\"list\":[" + elements + "0]}");
        Assert.InRange(payload.Length, 5_600_000, 6 * 1024 * 1024);
        await using var function = await NativeFunction.StartAsync(variables: s_roomy);
        for (var i = 0; i < 3; i++)
        {
            var (document, errorType) = await function.InvokeAsync(payload);
            Assert.True(errorType is null, document?.ToJsonString());
        }
    }

    [Fact]
    public async Task What_needs_more_than_the_memory_is_refused_and_the_next_event_is_served()
    {
        await using var function = await NativeFunction.StartAsync();
        var payload = "[" + string.Concat(Enumerable.Repeat("{},", 2_000_000)) + "0]";
        var (document, errorType) = await function.InvokeAsync(payload);
        Assert.Equal("Function.OutOfMemory", errorType);
        Assert.Equal(
            $"the event of {payload.Length} bytes and what is made of it do not fit into the 96 MiB that the function's memory leaves; "
                + "give the function more memory, or send less at a time",
            document!["errorMessage"]!.GetValue<string>());
        (_, errorType) = await function.InvokeAsync(Artifacts.Read("tank-normal.json"));
        Assert.Null(errorType);
        Assert.False(function.Environment.HasExited);
    }

    [Theory]
    [InlineData(5, "[],")]
    [InlineData(1, "[],")]
    [InlineData(40, "{\"a\":{\"b\":[]}},")]
    [InlineData(5_000, "1,")]
    public async Task Six_megabytes_of_messages_are_opened_within_the_heap_limit(int messages, string element)
    {
        const int MaxBytes = 5_950_000;
        var bodyLength = (MaxBytes / messages) - 270;
        var escapedLength = element.Length + element.Count(letter => letter == '"');
        var body = "{\"list\":[" + string.Concat(Enumerable.Repeat(element, bodyLength / escapedLength)) + "0]}";
        var record = new JsonObject
        {
            ["messageId"] = "m",
            ["body"] = body,
            ["attributes"] = new JsonObject(),
            ["messageAttributes"] = new JsonObject(),
            ["eventSource"] = "aws:sqs",
            ["eventSourceARN"] = "arn:aws:sqs:us-east-1:123456789012:q",
        }.ToJsonString(Cli.ReadableJson.OneLine);
        var records = Enumerable.Range(0, messages)
            .Select(i => record.Replace("\"messageId\":\"m\"", $"\"messageId\":\"m-{i}\"", StringComparison.Ordinal));
        var payload = Encoding.UTF8.GetBytes("{\"Records\":[" + string.Join(',', records) + "]}");
        Assert.InRange(payload.Length, 5_000_000, 6 * 1024 * 1024);
        await using var function = await NativeFunction.StartAsync(variables: s_roomy);
        for (var i = 0; i < 3; i++)
        {
            var (document, errorType) = await function.InvokeAsync(payload);
            Assert.True(errorType is null, document?.ToJsonString());
            Assert.Equal("{}", document!.ToJsonString());
        }

        function.AssertLogs($"\"items\":{messages},");
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
        const int MaxBytes = 5_900_000;
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
            "plain" => '"' + new string('x', MaxBytes) + '"',
            "base64" => '"' + Convert.ToBase64String(new byte[MaxBytes / 4 * 3]) + '"',
            "escaped" => '"' + string.Concat(Enumerable.Repeat("\\u00e4", MaxBytes / 6)) + '"',
            _ => "{\"list\":[" + string.Concat(Enumerable.Repeat("[],", MaxBytes / 3)) + "0]}",
        };
        var payload = Encoding.UTF8.GetBytes(root.ToJsonString().Replace("\"PLACE\"", text, StringComparison.Ordinal));
        Assert.InRange(payload.Length, 5_000_000, 6 * 1024 * 1024);
        const string Routes = """
            {
              "routes": [{
                "name": "r",
                "from": ["http"],
                "auth": {"hmac": {"secret": "${env.SITE}"}},
                "when": {"isBase64Encoded": [true, false]},
                "do": [{"check-website": {"url": "${env.SITE}"}}]
              }]
            }
            """;
        await using var function = await NativeFunction.StartAsync(Routes, variables: [s_roomy, ("FASTTRIGGER_ONCE_TABLE", "once")]);
        for (var i = 0; i < 3; i++)
        {
            var (document, errorType) = await function.InvokeAsync(payload);
            Assert.True(errorType is null, document?.ToJsonString());
        }

        Assert.False(function.Environment.HasExited);
    }
}
