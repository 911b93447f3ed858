namespace FastTrigger.NativeTests;

/// <summary>What `fasttrigger serve` answers the AWS CLI beyond the calls of the function.</summary>
public sealed class ServeCliTests : IAsyncLifetime
{
    private const string World = """
        {
          "instances": [{ "id": "i-0aaaaaaaaaaaaaaa1", "tags": { "Role": "pump-controller" } }],
          "groups": [{ "name": "pumps", "tags": { "Owner": "carol", "Plant": "north" } }],
          "queues": { "letters": [] }
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-serve-").FullName;
    private LocalServe? _serve;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_serve is not null)
        {
            await _serve.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task SQS_is_served_in_the_query_protocol()
    {
        var serve = await StartAsync();
        string[] queue = ["--queue-url", serve.Url + "/123456789012/letters"];
        const string Attributes = """{"Level":{"DataType":"Number","StringValue":"42"},"Raw":{"DataType":"Binary","BinaryValue":"AQI="}}""";
        string[] send = ["sqs", "send-message", .. queue, "--message-body", "tank ü\r<high> & dry", "--message-attributes", Attributes];
        var sent = await serve.AwsAsync([.. send, "--delay-seconds", "0"]);
        Assert.NotEmpty(sent.Text("MD5OfMessageAttributes"));
        string[] receive = ["sqs", "receive-message", .. queue, "--attribute-names", "All", "--message-attribute-names", "All"];
        var message = (await serve.AwsAsync(receive))["Messages"]![0]!;
        Assert.Equal((sent.Text("MessageId"), "tank ü\r<high> & dry"), (message.Text("MessageId"), message.Text("Body")));
        Assert.Equal(("1", "42", "AQI="), (
            message.Text("Attributes", "ApproximateReceiveCount"),
            message.Text("MessageAttributes", "Level", "StringValue"),
            message.Text("MessageAttributes", "Raw", "BinaryValue")));
        string[] receipt = ["--receipt-handle", message.Text("ReceiptHandle")];
        await serve.AwsAsync(["sqs", "change-message-visibility", .. queue, .. receipt, "--visibility-timeout", "60"]);
        var counts = await serve.AwsAsync(["sqs", "get-queue-attributes", .. queue, "--attribute-names", "All"]);
        Assert.Equal("1", counts.Text("Attributes", "ApproximateNumberOfMessagesNotVisible"));
        await serve.AwsAsync(["sqs", "delete-message", .. queue, .. receipt]);
        var late = await serve.RunAwsAsync([.. send, "--delay-seconds", "901"]);
        Assert.Contains("(InvalidParameterValue)", late.Error, StringComparison.Ordinal);
        var missing = await serve.RunAwsAsync("sqs", "receive-message", "--queue-url", serve.Url + "/123456789012/none");
        Assert.Contains("(AWS.SimpleQueueService.NonExistentQueue)", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_is_delivered_when_a_route_takes_it()
    {
        var serve = await StartAsync();
        var put = await PutAsync(serve, """{"level": 91.5, "valve": "V-17"}""");
        Assert.Equal(0, put.Number("FailedEntryCount"));
        JsonNode? invocation = null;
        for (var tries = 0; tries < 30 && invocation?["Status"]?.ToString() != "Success"; tries++)
        {
            invocation = (await serve.AwsAsync("ssm", "list-command-invocations", "--details")).List("CommandInvocations").FirstOrDefault();
        }

        Assert.Contains("opening valve V-17", invocation!["CommandPlugins"]![0].Text("Output"), StringComparison.Ordinal);
        serve.AssertReports($"event {put.Text("Entries", 0, "EventId")} is delivered for drain-tank");
        var low = await PutAsync(serve, """{"level": 1, "valve": "V-17"}""");
        serve.AssertReports($"event {low.Text("Entries", 0, "EventId")} was not delivered: no route takes it");
        serve.AssertReports("  route 'drain-tank': detail.level wants a number > 80, and the event has 1");
        await PutAsync(serve, """{"level": 91.5}""", "another");
        serve.AssertReports("the local rules are on the event bus default, not on another");
    }

    [Theory]
    [InlineData("kinesis list-streams", "The local AWS does not serve kinesis (Kinesis_20131202.ListStreams). It serves autoscaling, ")]
    [InlineData("sns list-topics", "The local AWS does not serve sns. It serves autoscaling, ")]
    [InlineData("s3api list-buckets", "The local AWS does not serve s3. It serves autoscaling, ")]
    [InlineData("lambda list-functions", "The local Lambda does not support GET /2015-03-31/functions/; it serves Invoke")]
    [InlineData("events list-rules", "The local events does not support the operation ListRules")]
    [InlineData("sqs list-queues", "The local sqs does not support the action ListQueues")]
    public async Task A_service_or_an_operation_that_is_not_served_is_named(string arguments, string message)
    {
        var serve = await StartAsync();
        var (exitCode, _, error) = await serve.RunAwsAsync(arguments.Split(' '));
        Assert.NotEqual(0, exitCode);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Optional_members_and_bad_tokens_have_the_answers_of_aws()
    {
        var serve = await StartAsync();
        var page = await serve.AwsAsync("autoscaling", "describe-tags", "--no-paginate", "--max-records", "1");
        Assert.Single(page.List("Tags"));
        var rest = await serve.AwsAsync("autoscaling", "describe-tags", "--no-paginate", "--next-token", page.Text("NextToken"));
        Assert.Single(rest.List("Tags"));
        await AssertErrorAsync("InvalidNextToken", "autoscaling", "describe-tags", "--no-paginate", "--next-token", "x");
        await AssertErrorAsync("InvalidNextToken", "ssm", "list-commands", "--no-paginate", "--next-token", "x");
        await AssertErrorAsync("InvalidNextToken", "ec2", "describe-tags", "--no-paginate", "--next-token", "x");
        await AssertErrorAsync("DryRunOperation", "ec2", "describe-instances", "--dry-run");
        await AssertErrorAsync("ValidationException", "ssm", "list-commands", "--command-id", "0123456789-0123456789-0123456789-012345");

        async Task AssertErrorAsync(string code, params string[] arguments) =>
            Assert.Contains($"({code})", (await serve.RunAwsAsync(arguments)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bootstrap_that_dies_at_start_shows_its_standard_error()
    {
        var bootstrap = Path.Combine(_folder, "bootstrap");
        await File.WriteAllTextAsync(bootstrap, "#!/bin/sh\necho 'libpump.so: not found' >&2\nexit 3\n", Artifacts.Token);
        File.SetUnixFileMode(bootstrap, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var serve = await StartAsync("--bootstrap", bootstrap);
        var answer = Path.Combine(_folder, "answer.json");
        var invoked = await serve.AwsAsync("lambda", "invoke", "--function-name", "fasttrigger:live", answer);
        Assert.Equal("Unhandled", invoked.Text("FunctionError"));
        var error = JsonNode.Parse(await File.ReadAllTextAsync(answer, Artifacts.Token));
        Assert.Equal("Runtime.ExitError", error.Text("errorType"));
        Assert.Contains("exit status 3; its standard error: libpump.so: not found", error.Text("errorMessage"), StringComparison.Ordinal);
        serve.AssertReports("libpump.so: not found");
        serve.AssertReports("exit status 3");
    }

    private static Task<JsonNode> PutAsync(LocalServe serve, string detail, string bus = "default")
    {
        var entry = new JsonObject
        {
            ["Source"] = "water.plant",
            ["DetailType"] = "Tank Level",
            ["Detail"] = detail,
            ["EventBusName"] = bus,
        };
        return serve.AwsAsync("events", "put-events", "--entries", new JsonArray(entry).ToJsonString());
    }

    private async Task<LocalServe> StartAsync(params string[] arguments)
    {
        var world = Path.Combine(_folder, "world.json");
        await File.WriteAllTextAsync(world, World);
        return _serve = await LocalServe.StartAsync(["--world", world, .. arguments]);
    }
}
