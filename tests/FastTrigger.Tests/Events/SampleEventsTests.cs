using System.Text.Json.Nodes;
using FastTrigger.Cli.Samples;
using FastTrigger.Events;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Events;

/// <summary>Every source by its sample: what it brings, and that nothing else is taken for it.</summary>
public sealed class SampleEventsTests
{
    public static TheoryData<string> Names => [.. SampleEvents.Names];

    [Fact]
    public void The_page_has_what_every_source_says_about_itself()
    {
        var page = File.ReadAllText(Path.Combine(TestEnvironment.Root, "docs", "events.md"));
        foreach (var table in (string[])[Samples(), Ids(), Answers()])
        {
            Assert.True(page.Contains(table, StringComparison.Ordinal), $"docs/events.md should have:\n{table}");
        }
    }

    [Fact]
    public void Every_source_has_a_sample_named_after_it_and_every_file_is_of_a_source()
    {
        Assert.All(
            EventSources.All.Where(source => source is not (RouteWrapper or PipesSource or DestinationRecord)),
            source => Assert.Equal(source.Name, source.Samples[0].Name));
        Assert.Equal(
            typeof(SampleEvents).Assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith("FastTrigger.Cli.Samples.", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
            SampleEvents.Names.Select(name => $"FastTrigger.Cli.Samples.{name.Replace('/', '.')}.json").Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_is_of_the_source_that_it_is_named_after_and_of_one_that_from_knows(string name)
    {
        var delivery = Open(SampleEvents.Read(name), trusted: true);
        Assert.All(delivery.Items, item => Assert.True(EventSources.Find(item.Source) is not null, item.Source));
        var chain = name.Split('-')[0];
        if (name is not ("destination" or "destination-success" or "s3-test" or "http-alb-health" or "kinesis-window-end")
            && !name.EndsWith("-dead-letter", StringComparison.Ordinal))
        {
            Assert.Contains(delivery.Items, item => item.Source == chain || item.Source == chain + "/eventbridge");
        }
    }

    [Theory]
    [InlineData("s3", 0, "s3.object.key", "reports/tank 4/2026-11-20.csv")]
    [InlineData("s3", 1, "s3.object.key", "reports/überlauf.csv")]
    [InlineData("sns", 0, "Sns.Message.level", "93")]
    [InlineData("sns-alarm", 0, "Sns.Message.NewStateValue", "ALARM")]
    [InlineData("eventbridge-s3", 0, "detail.object.key", "reports/tank 4/2026-11-20.csv")]
    [InlineData("eventbridge-spot", 0, "detail.instance-id", "i-0abcd1234abcd1234")]
    [InlineData("eventbridge-create-volume", 0, "detail.responseElements.volumeId", "vol-0abcd1234abcd1234")]
    [InlineData("sqs/sns", 0, "Message.tank", "T-4")]
    [InlineData("sqs-fifo", 2, "body.valve", "V-3")]
    [InlineData("kinesis", 0, "data.level", "93")]
    [InlineData("kinesis", 1, "data", "plain text")]
    [InlineData("kinesis", 0, "partitionKey", "T-4")]
    [InlineData("dynamodb", 0, "plain.NewImage.Level", "93.5")]
    [InlineData("dynamodb", 0, "plain.NewImage.Last.Readings[0]", "91")]
    [InlineData("dynamodb", 0, "plain.NewImage.Valves[1]", "V-22")]
    [InlineData("dynamodb", 0, "dynamodb.NewImage.Open.BOOL", "true")]
    [InlineData("kafka", 0, "value.tank", "T-4")]
    [InlineData("kafka", 0, "key", "T-4")]
    [InlineData("mq", 0, "data.level", "93")]
    [InlineData("mq-rabbitmq", 0, "data.level", "93")]
    [InlineData("documentdb", 0, "event.fullDocument.tank", "T-4")]
    [InlineData("documentdb", 1, "eventSourceArn", "arn:aws:rds:us-east-1:123456789012:cluster:plant")]
    [InlineData("pipes/kafka", 0, "value.tank", "T-4")]
    [InlineData("pipes/mq", 0, "data.level", "93")]
    [InlineData("pipes/dynamodb", 0, "plain.Keys.Tank", "T-4")]
    [InlineData("sqs/sns/eventbridge", 0, "detail.valve", "V-22")]
    [InlineData("destination", 0, "detail.level", "93")]
    public void Patterns_and_values_see_what_a_record_carries(string name, int index, string path, string value)
    {
        var found = new List<JsonElement>();
        FastTrigger.Values.EventPath.Parse("." + path, out _)!.Find(Open(SampleEvents.Read(name)).Items[index].Event, found);
        Assert.Equal(value, Assert.Single(found).ToString(), ignoreCase: true);
    }

    [Fact]
    public void What_is_in_a_topic_or_a_stream_counts_as_AWSs_own_only_where_it_is_trusted_C2_2()
    {
        (string, string)[] wrapped =
            [("sns/eventbridge", "sns"), ("kinesis/eventbridge", "kinesis"), ("sqs/sns/eventbridge", "sqs/sns")];
        foreach (var (name, source) in wrapped)
        {
            var payload = SampleEvents.Read(name).Replace("water.plant", "aws.ec2", StringComparison.Ordinal);
            if (name.StartsWith("kinesis", StringComparison.Ordinal))
            {
                payload = payload.Replace(Base64("water.plant"), Base64("aws.ec2"), StringComparison.Ordinal);
                var record = JsonNode.Parse(payload)!;
                var data = record["Records"]![0]!["kinesis"]!;
                var text = Encoding.UTF8.GetString(Convert.FromBase64String(data["data"]!.GetValue<string>()));
                data["data"] = Base64(text.Replace("water.plant", "aws.ec2", StringComparison.Ordinal));
                payload = record.ToJsonString();
            }

            Assert.Equal(source, Open(payload).Items.Single().Source);
            Assert.Equal(source + "/eventbridge", Open(payload, trusted: true).Items.Single().Source);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_waits_for_an_answer_or_a_call_is_recognised_at_top_level_only_C2_2(string name)
    {
        var sample = SampleEvents.Read(name);
        var top = Open(sample, trusted: true);
        var isAwaited = top.Items.Any(item => item.Callback is { Kind: not CallbackKind.Lifecycle });
        if (top.Form != BatchForm.Answered && !isAwaited && !name.StartsWith("cognito", StringComparison.Ordinal))
        {
            return;
        }

        Assert.All(Open($"[{sample}]", trusted: true).Items, item => Assert.NotNull(item.Unplayable));

        var notification = Notification("m", sample);
        foreach (var (payload, expected) in ((string, string)[])[
            (SqsSourceTests.Batch(sample), "sqs"), (SqsSourceTests.Batch(notification), "sqs/sns"), (notification, "sns"),
            ($$"""
              {"version":"1.0","requestContext":{"requestId":"r","condition":"RetriesExhausted"},"requestPayload":{{sample}} }
              """, "direct"),
            ($$"""{"fasttrigger-route":"r","event":{{sample}} }""", "direct")])
        {
            var inner = Open(payload, trusted: true);
            Assert.All(inner.Items, item =>
                Assert.Equal((expected, null, null, false), (item.Source, item.Callback, item.Http, item.IsNamedOnly)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_order_of_keys_and_keys_that_nobody_knows_change_nothing(string name)
    {
        var sample = SampleEvents.Read(name);
        var expected = Open(sample);
        var random = new Random(name.Length);
        for (var i = 0; i < 5; i++)
        {
            var shuffled = Open(Shuffle(JsonNode.Parse(sample)!, random).ToJsonString());
            Assert.Equal(expected.Form, shuffled.Form);
            Assert.Equal(
                expected.Items.Select(item => (item.Source, item.Id, item.RecordId, item.Group)),
                shuffled.Items.Select(item => (item.Source, item.Id, item.RecordId, item.Group)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_that_lacks_a_part_is_of_no_other_source(string name)
    {
        // A schedule's event has the form of EventBridge's events; anything else that lost a part is just JSON, or the envelope that it
        // came in.
        var chain = name.Split('-')[0];
        var root = JsonNode.Parse(SampleEvents.Read(name))!;
        foreach (var path in Paths(root).ToList())
        {
            var less = root.DeepClone();
            Remove(less, path);
            Assert.All(Open(less.ToJsonString(), trusted: true).Items, item => Assert.True(
                item.Unplayable is not null
                    || item.Source == "direct"
                    || chain.StartsWith(item.Source, StringComparison.Ordinal)
                    || item.Source.StartsWith(chain, StringComparison.Ordinal)
                    || name is "scheduler" or "destination" or "destination-success" or "sqs/s3" or "sqs/sns/s3"
                    || name.EndsWith("-dead-letter", StringComparison.Ordinal),
                $"without {path} it is {item.Source}"));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_truncation_is_an_error_and_never_an_exception(string name)
    {
        var routes = RouterFixture.Route("""{"check-website":{"url":"https://localhost/"}}""");
        await using var router = await RouterFixture.StartAsync(
            routes.Replace("{\"prefix\":\"\"}", "\"nobody\"", StringComparison.Ordinal));
        var sample = SampleEvents.Read(name).TrimEnd();
        for (var length = 0; length < sample.Length; length += 7)
        {
            Assert.Equal("Function.InvalidEvent", router.Handle(sample[..length]).Error?.Type);
        }
    }

    [Fact]
    public void Envelopes_are_opened_five_deep_and_no_deeper()
    {
        var content = """{"id":"e","source":"water","detail-type":"x","detail":{}}""";
        for (var depth = 1; depth <= 7; depth++)
        {
            content = Notification($"m-{depth}", content);
            var source = Open(SqsSourceTests.Batch(content)).Items.Single().Source;
            Assert.Equal(depth <= 4, source.EndsWith("/eventbridge", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Base64_that_is_none_and_bytes_that_are_no_text_are_passed_on_as_they_came()
    {
        foreach (var data in (string[])["%%%", "/w==", ""])
        {
            var root = JsonNode.Parse(SampleEvents.Read("kinesis"))!;
            root["Records"]![0]!["kinesis"]!["data"] = data;
            Assert.Equal(data, Open(root.ToJsonString()).Items[0].Event.GetProperty("data").GetString());
        }
    }

    private static Delivery Open(string payload, bool trusted = false) =>
        EventSources.Open(JsonDocument.Parse(payload).RootElement, Items.Invocation(payload).RequestId, _ => trusted);

    private static string Notification(string id, string message) =>
        $$"""{"Type":"Notification","MessageId":"{{id}}","TopicArn":"arn:t","Message":"{{JsonEncodedText.Encode(message)}}"}""";

    private static string Samples() =>
        "| sample | what it is | source | items |\n|---|---|---|--:|\n" + string.Concat(SampleEvents.All.Select(entry =>
    {
        var items = Open(SampleEvents.Read(entry.Sample.Name), trusted: true).Items;
        var source = items.Count == 0 ? "" : $"`{items[0].Source}`";
        return $"| `{entry.Sample.Name}` | {entry.Sample.What} | {source} | {items.Count} |\n";
    }));

    private static string Ids() => "| source | the id | lasts |\n|---|---|---|\n" + string.Concat(EventSources.All
        .Where(source => source is not RouteWrapper)
        .Select(source => $"| {Title(source)} | {source.IdText} | {Lasts(source.IdLasts)} |\n"));

    private static string Answers() => "| source | what is answered |\n|---|---|\n" + string.Concat(EventSources.All
        .Where(source => source is not RouteWrapper)
        .SelectMany(source => source.Samples.Where(sample => sample.Answer is not null)
            .Select(sample => $"| `{sample.Name}` | {sample.Answer} |\n")
            .Prepend($"| {Title(source)} | {source.AnswerText} |\n")));

    private static string Title(EventSource source) => source is DestinationRecord ? "played back" : $"`{source.Name}`";

    private static string Lasts(IdLasts lasts) => lasts switch
    {
        IdLasts.Always => "always",
        IdLasts.WhenGiven => "when given",
        IdLasts.InAsynchronousRetries => "in Lambda's own retries",
        _ => "never",
    };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static JsonNode Shuffle(JsonNode node, Random random)
    {
        switch (node)
        {
            case JsonObject members:
                var all = members
                    .Select(member => KeyValuePair.Create(member.Key, member.Value is null ? null : Shuffle(member.Value, random)))
                    .Append(KeyValuePair.Create($"unknown{random.Next(1000)}", (JsonNode?)"x"))
                    .ToArray();
                random.Shuffle(all);
                // Names of partitions and queues are data, and every member of theirs is records. One more header makes a health check a
                // request.
                var isData = members.Count == 0 || members.ContainsKey("user-agent") || members.Any(member =>
                    member.Value is JsonArray && (member.Key.Contains("::", StringComparison.Ordinal) || member.Key == "levels-0"));
                return new JsonObject(isData ? all.Where(member => !member.Key.StartsWith("unknown", StringComparison.Ordinal)) : all);
            case JsonArray items:
                return new JsonArray([.. items.Select(item => item is null ? null : Shuffle(item, random))]);
            default:
                return node.DeepClone();
        }
    }

    private static IEnumerable<string> Paths(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member =>
            Paths(member.Value).Prepend(node.GetPath() is var path && path == "$" ? member.Key : $"{path[2..]}.{member.Key}")),
        JsonArray items => items.SelectMany(Paths),
        _ => [],
    };

    private static void Remove(JsonNode root, string path)
    {
        JsonNode? node = root;
        var parts = path.Replace("[", ".[", StringComparison.Ordinal).Split('.');
        foreach (var part in parts[..^1])
        {
            node = part.StartsWith('[') ? int.TryParse(part[1..^1], out var index) ? node?[index] : null : (node as JsonObject)?[part];
        }

        (node as JsonObject)?.Remove(parts[^1]);
    }
}
