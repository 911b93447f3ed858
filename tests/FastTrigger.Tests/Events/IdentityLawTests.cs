using System.Text.Json.Nodes;
using FastTrigger.Cli.Samples;
using FastTrigger.Events;
using FsCheck;
using FsCheck.Fluent;

namespace FastTrigger.Tests.Events;

/// <summary>
/// Two different events never share an id; one event keeps it however often it is delivered, where its source can promise that (C2.1).
/// </summary>
public sealed class IdentityLawTests
{
    /// <summary>
    /// For each sample what tells its first event from another, by AWS's documentation of the source: another value there is another event.
    /// </summary>
    private static readonly Dictionary<string, string[]> s_identifying = new()
    {
        ["scheduler"] = ["resources[0]", "time"],
        ["eventbridge"] = ["id"],
        ["sns"] = ["Records[0].Sns.MessageId"],
        ["sns/s3"] = [],
        ["s3"] =
        [
            "Records[0].s3.bucket.name", "Records[0].s3.object.key", "Records[0].s3.object.versionId",
            "Records[0].s3.object.sequencer", "Records[0].eventName",
        ],
        ["s3-tagging"] =
        [
            "Records[0].s3.object.key", "Records[0].eventTime", "Records[0].responseElements.x-amz-request-id", "Records[0].eventName",
        ],
        ["alarm"] = ["alarmArn", "alarmData.state.timestamp"],
        ["ses"] = ["Records[0].ses.mail.messageId", "Records[0].ses.receipt.recipients[0]"],
        ["codecommit"] = ["Records[0].eventId"],
        ["iotevents"] = ["event.payload.actionExecutionId"],
        ["destination"] = ["requestPayload.id"],
        ["sqs-fifo"] = ["Records[0].messageId"],
        ["sqs-lifecycle"] = ["Records[0].messageId"],
        ["kinesis"] = ["Records[0].eventSourceARN", "Records[0].eventID"],
        ["dynamodb"] = ["Records[0].eventID"],
        ["kafka"] =
        [
            "eventSourceArn", "records.levels-0[0].topic", "records.levels-0[0].partition",
            "records.levels-0[0].offset", "records.levels-0[0].timestamp",
        ],
        ["kafka-own"] = ["bootstrapServers", "records.levels-0[0].topic", "records.levels-0[0].offset"],
        ["mq"] = ["eventSourceArn", "messages[0].destination.physicalName", "messages[0].messageID"],
        ["mq-rabbitmq"] = ["eventSourceArn"],
        ["documentdb"] = ["eventSourceArn", "events[0].event._id._data"],
        ["pipes/kinesis"] = ["[0].eventSourceARN", "[0].eventID"],
        ["pipes/dynamodb"] = ["[0].eventID"],
        ["pipes/kafka"] = ["[0].eventSourceArn", "[0].topic", "[0].partition", "[0].offset"],
        ["pipes/mq"] = ["[0].eventSourceArn", "[0].eventSourceKey", "[0].basicProperties.messageId"],
        ["http"] = ["headers.idempotency-key", "requestContext.authorizer.jwt.claims.sub"],
        ["http-url"] = ["headers.idempotency-key", "requestContext.authorizer.iam.userArn"],
        ["s3batch"] = ["job.id", "tasks[0].taskId"],
        ["firehose"] = ["deliveryStreamArn", "records[0].recordId"],
        ["alexa"] = ["request.requestId"],
        ["codepipeline"] = [],
        ["cloudformation"] = ["RequestId"],
    };

    /// <summary>What another delivery of the same event changes.</summary>
    private static readonly string[] s_ofDelivery =
    [
        "receiptHandle", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp", "approximateArrivalTimestamp",
        "redelivered", "invocationId", "Signature", "timeEpoch",
    ];

    public static TheoryData<string, string> Identifying =>
        [.. s_identifying.SelectMany(sample => sample.Value.Select(path => new TheoryDataRow<string, string>(sample.Key, path)))];

    public static TheoryData<string> Samples => [.. SampleEvents.Names];

    [Theory]
    [MemberData(nameof(Identifying))]
    public void Another_value_of_what_identifies_it_is_another_event(string sample, string path)
    {
        var first = Open(SampleEvents.Read(sample))[0];
        var others = new HashSet<string> { first.Id };
        Prop.ForAll(Gen.Choose(1, 1_000_000).ToArbitrary(), number =>
        {
            var root = JsonNode.Parse(SampleEvents.Read(sample))!;
            var isNew = Change(root, path, number);
            var changed = Open(root.ToJsonString())[0];
            Assert.Equal(first.Source, changed.Source);
            return !isNew || changed.Id != first.Id;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Another_delivery_of_the_same_event_brings_the_same_id_unless_the_source_says_that_it_may_not(string sample)
    {
        var first = Open(SampleEvents.Read(sample), "request-1");
        var root = JsonNode.Parse(SampleEvents.Read(sample))!;
        ChangeDelivery(root);
        var second = Open(root.ToJsonString(), "request-2");
        Assert.Equal(first.Count, second.Count);
        foreach (var (one, other) in first.Zip(second))
        {
            Assert.Equal(one.HasLastingId, other.HasLastingId);
            Assert.Equal(one.HasLastingId, one.Id == other.Id);
            Assert.True(
                one.HasLastingId || EventSources.Find(one.Source)!.IdLasts != IdLasts.Always,
                $"{one.Source} promises an id that lasts");
        }
    }

    [Fact]
    public void No_two_samples_of_different_events_share_an_id()
    {
        var byId = SampleEvents.Names
            .SelectMany(name => Open(SampleEvents.Read(name)).Where(item => item.HasLastingId).Select(item => (item.Id, item)))
            .GroupBy(entry => entry.Id);
        foreach (var group in byId)
        {
            // The same event on several ways: by itself, in a message, by a pipe, played back.
            var kinds = group.Select(entry => entry.item.Source.Split('/')[^1]).Distinct().ToList();
            Assert.True(
                kinds.Count == 1 || kinds.All(kind => kind is "eventbridge" or "direct"),
                $"{group.Key} is of {string.Join(" and ", kinds)}");
        }
    }

    [Theory]
    [InlineData("kafka", "pipes/kafka")]
    [InlineData("kinesis", "pipes/kinesis")]
    [InlineData("dynamodb", "pipes/dynamodb")]
    [InlineData("mq-rabbitmq", "pipes/mq")]
    public void A_record_has_the_same_id_by_a_mapping_and_by_a_pipe(string mapping, string pipe) =>
        Assert.Equal(Open(SampleEvents.Read(mapping))[0].Id, Open(SampleEvents.Read(pipe))[0].Id);

    [Fact]
    public void Bootstrap_servers_in_another_order_are_the_same_cluster()
    {
        var own = SampleEvents.Read("kafka-own");
        var turned = own.Replace(
            "kafka-2.plant.example:9092,kafka-1.plant.example:9092",
            "kafka-1.plant.example:9092,kafka-2.plant.example:9092",
            StringComparison.Ordinal);
        Assert.NotEqual(own, turned);
        Assert.Equal(Open(own)[0].Id, Open(turned)[0].Id);
    }

    [Fact]
    public void RabbitMQ_without_a_message_id_has_none_that_lasts()
    {
        var root = JsonNode.Parse(SampleEvents.Read("mq-rabbitmq"))!;
        root["rmqMessagesByQueue"]!["levels::/"]![0]!["basicProperties"]!["messageId"] = null;
        Assert.All(Open(root.ToJsonString()), item => Assert.False(item.HasLastingId));
    }

    [Fact]
    public void Parts_of_an_id_never_run_into_each_other()
    {
        Prop.ForAll(
            Gen.Elements("a", "b", "#", "%", "%23", "/", "").ArrayOf(3).Two().ToArbitrary(),
            pair =>
            {
                var (one, other) = pair;
                var (oneText, otherText) = (string.Concat(one), string.Concat(other));
                var sameText = ItemId.Lasting(oneText, "x") == ItemId.Lasting(otherText, "x");
                var sameParts = ItemId.Lasting(one[0], one[1], one[2]) == ItemId.Lasting(other[0], other[1], other[2]);
                return sameText == (oneText == otherText) && sameParts == one.SequenceEqual(other);
            })
            .QuickCheckThrowOnFailure();
    }

    private static IReadOnlyList<Item> Open(string payload, string request = "request-1") =>
        EventSources.Open(JsonDocument.Parse(payload).RootElement, request, static _ => true).Items;

    /// <summary>False when the value was this one before.</summary>
    private static bool Change(JsonNode root, string path, int number)
    {
        var parts = path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries);
        JsonNode? node = root;
        foreach (var part in parts[..^1])
        {
            node = part.StartsWith('[') ? node![int.Parse(part[1..^1], provider: null)] : node![part];
        }

        var last = parts[^1];
        var old = last.StartsWith('[') ? node![int.Parse(last[1..^1], provider: null)] : node![last];
        var changed = old!.GetValueKind() == JsonValueKind.Number ? (JsonNode)number : $"{old.GetValue<string>()}{number}";
        var isNew = old.ToJsonString() != changed.ToJsonString();
        if (last.StartsWith('['))
        {
            node[int.Parse(last[1..^1], provider: null)] = changed;
        }
        else
        {
            node[last] = changed;
        }

        return isNew;
    }

    private static void ChangeDelivery(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    if (value is JsonValue && s_ofDelivery.Contains(name))
                    {
                        members[name] = value.GetValueKind() switch
                        {
                            JsonValueKind.Number => 1_900_000_000.5,
                            JsonValueKind.True => false,
                            JsonValueKind.False => true,
                            _ => "another",
                        };
                    }

                    ChangeDelivery(members[name]);
                }

                break;
            case JsonArray elements:
                foreach (var element in elements)
                {
                    ChangeDelivery(element);
                }

                break;
        }
    }
}
