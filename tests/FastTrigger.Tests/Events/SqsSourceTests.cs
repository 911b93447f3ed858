using FastTrigger.Events;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Events;

public sealed class SqsSourceTests
{
    private const string Arn = "arn:aws:sqs:us-east-1:123456789012:plant-events";

    private const string Launch =
        """{"id":"e-1","source":"aws.ec2","detail-type":"x","account":"123456789012","region":"us-east-1","detail":{}}""";

    [Fact]
    public void The_sample_brings_an_event_of_ones_own_and_a_message_C2_1()
    {
        var items = Open(Items.Demo("queue.json"));
        Assert.Equal(["sqs/eventbridge", "sqs"], items.Select(item => item.Source));
        Assert.Equal(["7c1e9a1b-3f7a-4a51-9c2d-1d5e9f0a0101", "0b1f4c0e-6a3b-4a55-8d50-3f1f3c8a0002"], items.Select(item => item.Id));
        Assert.Equal(4, items[1].Event.GetProperty("body").GetProperty("reading").GetInt32());
        Assert.Equal("aws:sqs", items[1].Event.GetProperty("eventSource").GetString());
    }

    [Theory]
    [InlineData(Launch, "sqs", "m-0", null, "sqs/eventbridge", "e-1", null)]
    [InlineData(
        """{"fasttrigger-route":"r","event":{"id":"e-2","source":"water","detail-type":"x","detail":{}}}""",
        "sqs", "m-0", null, "sqs/eventbridge", "e-2", "r")]
    [InlineData("""{"fasttrigger-route":"r","schedule":"arn:s","time":"t"}""", "sqs", "m-0", null, "sqs/scheduler", "arn:s@t", "r")]
    [InlineData("""{"fasttrigger-route":"r","event":{"a":1}}""", "sqs", "m-0", null, "sqs/direct", "m-0", "r")]
    [InlineData(
        """{"version":"1.0","requestContext":{"requestId":"r-1","condition":"RetriesExhausted"},"requestPayload":{"a":1}}""",
        "sqs", "m-0", null, "sqs/direct", "r-1", null)]
    [InlineData(
        """{"id":"e-3","source":"water","detail-type":"x","detail":{}}""",
        "sqs/eventbridge", "e-3", null, "sqs/eventbridge", "e-3", null)]
    [InlineData("""{"id":"e-4","source":"AWS.ec2","detail-type":"x","detail":{}}""", "sqs", "m-0", null, "sqs/eventbridge", "e-4", null)]
    [InlineData("""{"a":1}""", "sqs", "m-0", null, "sqs", "m-0", null)]
    [InlineData("plain text", "sqs", "m-0", null, "sqs", "m-0", null)]
    [InlineData("", "sqs", "m-0", null, "sqs", "m-0", null)]
    [InlineData("17", "sqs", "m-0", null, "sqs", "m-0", null)]
    [InlineData("{\"cut", "sqs", "m-0", null, "sqs", "m-0", null)]
    public void What_a_body_counts_as_depends_on_whether_its_queue_is_trusted_C2_2(
        string body,
        string source,
        string id,
        string? route,
        string trustedSource,
        string trustedId,
        string? trustedRoute)
    {
        var plain = Open(Batch(body)).Single();
        Assert.Equal((source, id, route, false), (plain.Source, plain.Id, plain.RouteName, plain.IsPlayback));
        var trusted = Open(Batch(body), trusted: true).Single();
        Assert.Equal((trustedSource, trustedId, trustedRoute), (trusted.Source, trusted.Id, trusted.RouteName));
        // An event of AWS's that somebody else wrote is nothing that a pattern for AWS's events sees.
        Assert.Equal(source == "sqs", plain.Event.TryGetProperty("body", out _));
    }

    [Fact]
    public void A_dead_letter_of_Lambda_is_played_back_with_the_request_it_was_C2_4()
    {
        const string Attributes = """
            "messageAttributes":{
              "RequestID":{"stringValue":"r-9","dataType":"String"},
              "ErrorCode":{"stringValue":"200","dataType":"Number"}}
            """;
        var letter = Batch("""{"order":7}""").Replace("\"messageAttributes\":{}", Attributes, StringComparison.Ordinal);
        var item = Open(letter, trusted: true).Single();
        Assert.Equal(("sqs/direct", "r-9", true), (item.Source, item.Id, item.IsPlayback));
        Assert.False(Open(letter).Single().IsPlayback);
    }

    [Theory]
    [InlineData("""{"Records":[]}""")]
    [InlineData("""{"Records":{}}""")]
    [InlineData("""{"Records":[{"eventSource":"aws:sqs"}]}""")]
    [InlineData("""{"Records":[{"eventSource":"aws:sqs","messageId":"m","body":{}}]}""")]
    [InlineData("""{"Records":[{"eventSource":"aws:sqs","messageId":"m","body":""},7]}""")]
    public void What_only_looks_like_a_batch_is_a_direct_item(string payload) => Assert.Equal("direct", Open(payload).Single().Source);

    [Fact]
    public void A_body_as_deep_as_an_event_may_be_is_taken()
    {
        var item = Open(Batch($$"""{"a":{{new string('[', 254)}}{{new string(']', 254)}}}""")).Single();
        Assert.Equal("sqs", item.Source);
    }

    private static IReadOnlyList<Item> Open(string payload, bool trusted = false) =>
        EventSources.Open(JsonDocument.Parse(payload).RootElement, Items.Invocation(payload).RequestId, arn => trusted && arn == Arn).Items;

    internal static string Batch(params string[] bodies) =>
        $$"""{"Records":[{{string.Join(',', bodies.Select((body, i) => Record($"m-{i}", body)))}}]}""";

    internal static string Record(string id, string body, string? group = null)
    {
        var attributes = group is null ? "{}" : $$"""{"MessageGroupId":"{{group}}"}""";
        var arn = group is null ? Arn : Arn + ".fifo";
        return $$"""
            {"messageId":"{{id}}","body":"{{JsonEncodedText.Encode(body)}}","attributes":{{attributes}},"messageAttributes":{},
             "eventSource":"aws:sqs","eventSourceARN":"{{arn}}","awsRegion":"us-east-1"}
            """;
    }
}
