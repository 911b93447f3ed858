using FastTrigger.Cli.Samples;
using FastTrigger.Events;

namespace FastTrigger.Tests.Events;

/// <summary>What is not known for certain is never taken for something that may do more (C2.2).</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("eventbridge-lifecycle")]
    [InlineData("eventbridge-guardduty")]
    [InlineData("scheduler")]
    [InlineData("alarm")]
    [InlineData("logs")]
    [InlineData("ses")]
    [InlineData("destination")]
    [InlineData("http")]
    [InlineData("http-rest")]
    [InlineData("cognito")]
    [InlineData("cloudformation")]
    [InlineData("sqs")]
    public void An_array_brings_nothing_that_only_a_known_sender_may_send(string sample)
    {
        var item = Assert.Single(Open($"[{SampleEvents.Read(sample)}]", trusted: true));
        Assert.Equal("direct", item.Source);
        Assert.Contains("element 0 of the array", item.Unplayable, StringComparison.Ordinal);
        Assert.Null(item.Callback);
    }

    [Theory]
    [InlineData("""{"fasttrigger-route":"r","event":{"a":1}}""")]
    [InlineData("""{"id":"e","source":"AWS.EC2","detail-type":"x","detail":{}}""")]
    [InlineData("""{"source":"aws.ec2"}""")]
    [InlineData("""[{"source":"aws.ec2"}]""")]
    [InlineData("""{"id":"1","source":[["aws.ec2"]],"detail-type":"x","detail":{}}""")]
    [InlineData("""{"id":5,"source":"aws.ec2","detail-type":"x","detail":null}""")]
    [InlineData("""{"detail":{"eventSource":"ec2.amazonaws.com","eventName":"RunInstances","userIdentity":{"type":"Root"}}}""")]
    [InlineData("""{"eventSource":"aws:sqs","messageId":"m","body":"x","source":"aws.ec2"}""")]
    [InlineData("""{"eventSource":"SelfManagedKafka","bootstrapServers":"x:1","topic":"t","partition":0,"offset":1,"source":"aws.ec2"}""")]
    [InlineData("""{"eventSource":"aws:sqs","messageId":"m"}""")]
    [InlineData("""[{"httpMethod":"POST","path":"/x"}]""")]
    public void An_array_chooses_no_route_and_imitates_no_service(string element) =>
        Assert.NotNull(Open($"[{element}]", trusted: true).Single().Unplayable);

    [Theory]
    [InlineData("""[{"server":"a"},{"server":"b"}]""", 2)]
    [InlineData("""[{"arguments":{},"source":{"id":"1"},"info":{"fieldName":"owner"}}]""", 1)]
    [InlineData("""[{"id":"e","source":"water.plant","detail-type":"x","detail":{}}]""", 1)]
    [InlineData("[1,\"x\",null]", 3)]
    [InlineData("[[{}],[]]", 2)]
    public void Any_other_array_is_a_direct_item_an_element(string payload, int count)
    {
        var items = Open(payload);
        Assert.Equal(
            Enumerable.Range(0, count).Select(i => ("direct", $"request-1/{i}", (string?)null)),
            items.Select(item => (item.Source, item.Id, item.Unplayable)));
    }

    [Fact]
    public void An_array_of_records_and_something_else_is_no_batch_of_a_pipe()
    {
        var record = SampleEvents.Read("pipes/kinesis").Trim()[1..^1];
        Assert.All(Open($"[{record},{{\"other\":1}}]"), item => Assert.Equal("direct", item.Source));
    }

    [Theory]
    [InlineData("pipes/sqs")]
    [InlineData("pipes/kinesis")]
    public void A_pipe_trusts_no_queue_or_stream_that_its_records_name(string sample)
    {
        const string Event = """{"id":"e","source":"aws.ec2","detail-type":"x","detail":{}}""";
        var root = System.Text.Json.Nodes.JsonNode.Parse(SampleEvents.Read(sample))!;
        root[0]![sample == "pipes/sqs" ? "body" : "data"] = sample == "pipes/sqs"
            ? Event
            : Convert.ToBase64String(Encoding.UTF8.GetBytes(Event));
        Assert.Equal(sample, Open(root.ToJsonString(), trusted: true)[0].Source);
    }

    [Theory]
    [InlineData("sqs", "\"body\":", "\"bodies\":")]
    [InlineData("sqs", "\"messageId\": \"", "\"messageId\": 1, \"x\": \"")]
    [InlineData("kinesis", "\"sequenceNumber\":", "\"number\":")]
    [InlineData("dynamodb", "\"SequenceNumber\":", "\"Number\":")]
    [InlineData("kafka", "\"offset\": ", "\"offset\": \"\", \"x\": ")]
    [InlineData("mq", "\"data\":", "\"content\":")]
    [InlineData("documentdb", "\"event\":", "\"change\":")]
    [InlineData("s3", "\"key\":", "\"name\":")]
    [InlineData("sns", "\"Message\":", "\"Text\":")]
    [InlineData("firehose", "\"data\":", "\"content\":")]
    [InlineData("s3batch", "\"s3Key\":", "\"key\":")]
    [InlineData("ses", "\"messageId\":", "\"id\":")]
    [InlineData("codecommit", "\"codecommit\":", "\"commit\":")]
    public void A_batch_with_a_record_that_has_not_its_form_is_never_a_success(string sample, string part, string other)
    {
        var text = SampleEvents.Read(sample).Replace(part, other, StringComparison.Ordinal);
        Assert.NotEqual(SampleEvents.Read(sample), text);
        var items = Open(text, trusted: true);
        Assert.NotEmpty(items);
        Assert.All(items, item => Assert.True(item.Source != "direct" || item.Unplayable is not null, item.Source));
    }

    [Fact]
    public void Too_many_elements_are_refused()
    {
        var item = Assert.Single(Open($"[{string.Join(',', Enumerable.Repeat("{}", 10_001))}]"));
        Assert.Equal("the array has 10001 elements; 10000 are taken", item.Unplayable);
    }

    [Theory]
    [InlineData("""{"httpMethod":"GET","path":"/","headers":{"a":"b"}}""")]
    [InlineData("""{"httpMethod":"POST","path":"/x","headers":null,"requestContext":{"requestId":"a"},"body":"{}"}""")]
    [InlineData("""{"httpMethod":"POST","path":"/x","headers":[{"a":"b"}],"body":"{}"}""")]
    [InlineData("""{"version":"2.0","rawPath":"/x","headers":null,"requestContext":{"domainName":"d"},"isBase64Encoded":false}""")]
    [InlineData("""{"resource":"/x","httpMethod":"POST","headers":null,"requestContext":{"resourcePath":"/x"},"body":null}""")]
    [InlineData("""{"raw_path":"/x","method":"POST","query_string_parameters":{},"is_base64_encoded":false,"body":"{}"}""")]
    [InlineData("""{"method":"POST","uri":"/x","headers":{"a":"b"},"body":"{}"}""")]
    [InlineData("""{"raw_path":"/x","method":"GET","headers":{},"body":"","is_base64_encoded":false}""")]
    [InlineData("""{"version":"2.0","path":"/x","method":"GET","headers":{"host":["a"]},"requestContext":{"serviceNetworkArn":"arn:x"}}""")]
    [InlineData("""{"version":"3.0","rawPath":"/","headers":{},"requestContext":{"http":{"method":"GET"}},"isBase64Encoded":false}""")]
    [InlineData("""{"type":"REQUEST","httpMethod":"GET","path":"/","resource":"/","headers":{},"requestContext":{"requestId":"r"}}""")]
    [InlineData("""
        {"httpMethod":"GET","path":"/","resource":"/","headers":{},"requestContext":{"requestId":"r"},"isBase64Encoded":"no"}
        """)]
    public void What_looks_like_an_HTTP_request_and_is_of_no_known_form_is_refused(string payload)
    {
        var item = Assert.Single(Open(payload));
        Assert.Equal(("http", true), (item.Source, item.IsNamedOnly));
        Assert.Contains("no form that is known", item.Unplayable, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_of_a_REST_API_may_lack_isBase64Encoded()
    {
        var request = System.Text.Json.Nodes.JsonNode.Parse(SampleEvents.Read("http-rest"))!;
        ((System.Text.Json.Nodes.JsonObject)request).Remove("isBase64Encoded");
        var item = Assert.Single(Open(request.ToJsonString()));
        Assert.Equal(("http", (string?)null), (item.Source, item.Unplayable));
        Assert.NotNull(item.Http);
    }

    [Theory]
    [InlineData("aws:mq")]
    [InlineData("aws:amq")]
    public void ActiveMQ_has_two_names(string name) =>
        Assert.Equal("mq", Open(SampleEvents.Read("mq").Replace("\"aws:mq\"", $"\"{name}\"", StringComparison.Ordinal))[0].Source);

    [Fact]
    public void The_last_call_of_a_window_belongs_to_its_stream_and_has_no_items()
    {
        var window = JsonDocument.Parse(SampleEvents.Read("kinesis-window-end")).RootElement;
        var delivery = EventSources.Open(window, "request-1", static _ => false);
        Assert.Equal(("kinesis", 0), (delivery.Source.Name, delivery.Items.Count));
        var state = JsonDocument.Parse(delivery.WindowState).RootElement.GetRawText();
        Assert.Equal("""{"levels":3}""", state.Replace(" ", "", StringComparison.Ordinal).ReplaceLineEndings(""));
        var ofTable = SampleEvents.Read("kinesis-window-end").Replace(":kinesis:", ":dynamodb:", StringComparison.Ordinal);
        Assert.Equal("dynamodb", EventSources.Open(JsonDocument.Parse(ofTable).RootElement, "request-1", static _ => false).Source.Name);
    }

    [Fact]
    public void A_dead_letter_by_a_topic_is_played_back_with_the_request_it_was_C2_4()
    {
        var letter = SampleEvents.Read("sns-dead-letter");
        Assert.True(Open(letter, trusted: true).Single().IsPlayback);
        Assert.False(Open(letter).Single().IsPlayback);
        var other = letter.Replace("\\\"id\\\"", "\\\"no-id\\\"", StringComparison.Ordinal);
        var item = Open(other, trusted: true).Single();
        Assert.Equal(("sns/direct", "a1b2c3d4-0000-4000-8000-000000000009", true), (item.Source, item.Id, item.IsPlayback));
    }

    [Theory]
    [InlineData("sqs-fifo", true)]
    [InlineData("sqs", false)]
    public void Only_a_FIFO_queue_orders_the_messages_of_a_group(string sample, bool isOrdered)
    {
        var root = System.Text.Json.Nodes.JsonNode.Parse(SampleEvents.Read(sample))!;
        root["Records"]![0]!["attributes"]!["MessageGroupId"] = "tenant";
        Assert.Equal(isOrdered ? "tenant" : null, Open(root.ToJsonString())[0].Group);
    }

    [Theory]
    [InlineData("pipes", new[] { "pipes/sqs", "pipes/kinesis", "pipes/dynamodb", "pipes/kafka", "pipes/mq" })]
    [InlineData("pipes/direct", new[] { "direct", "pipes/kafka", "pipes/mq" })]
    [InlineData("sqs/sns/s3", new[] { "sqs/sns/s3" })]
    [InlineData("kafka/s3", new string[0])]
    [InlineData("pipes/s3", new string[0])]
    [InlineData("http/direct", new string[0])]
    public void A_name_of_from_stands_for_chains(string name, string[] chains) => Assert.Equal(chains, EventSources.Chains(name));

    private static IReadOnlyList<Item> Open(string payload, bool trusted = false) =>
        EventSources.Open(JsonDocument.Parse(payload).RootElement, "request-1", _ => trusted).Items;
}
