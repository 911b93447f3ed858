using System.Text.Json.Nodes;
using FastTrigger.Cli.Samples;
using FastTrigger.Events;
using FastTrigger.Routing;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Events;

/// <summary>
/// A pattern as it is written for the FilterCriteria of an event source mapping or of a pipe means the same in a route
/// (docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html, eventbridge/latest/userguide/eb-pipes-event-filtering.html).
/// </summary>
public sealed class FilterFormTests
{
    [Theory]
    [InlineData("sqs", """{"body":{"reading":[4]}}""", 1)]
    [InlineData("sqs", """{"body":{"reading":[{"anything-but":4}]}}""", 0)]
    [InlineData("sqs-fifo", """{"body":{"valve":[{"prefix":"V-"}]}}""", 3)]
    [InlineData("kinesis", """{"data":{"level":[{"numeric":[">",90]}]}}""", 1)]
    [InlineData("kinesis", """{"partitionKey":["T-4"],"data":{"tank":[{"exists":true}]}}""", 1)]
    [InlineData("dynamodb", """{"eventName":["MODIFY"],"dynamodb":{"Keys":{"Tank":{"S":["T-4"]}}}}""", 1)]
    [InlineData("dynamodb", """{"dynamodb":{"NewImage":{"Level":{"N":["93.5"]}}}}""", 1)]
    [InlineData("dynamodb", """{"dynamodb":{"NewImage":{"Level":{"N":[93.5]}}}}""", 0)]
    [InlineData("kafka", """{"value":{"level":[{"numeric":[">",90]}]}}""", 1)]
    [InlineData("mq", """{"data":{"tank":["T-4"]}}""", 1)]
    [InlineData("pipes/kinesis", """{"partitionKey":["T-4"],"data":{"level":[{"numeric":[">",90]}]}}""", 1)]
    [InlineData("pipes/dynamodb", """{"dynamodb":{"Keys":{"Tank":{"S":["T-4"]}}}}""", 1)]
    [InlineData("pipes/kafka", """{"value":{"tank":["T-4"]}}""", 1)]
    public void A_filter_takes_the_same_records_of_a_sample(string sample, string filter, int taken)
    {
        var items = Open(SampleEvents.Read(sample));
        Assert.Equal(taken, items.Count(item => RouteOf(filter).WhyNot(item) is null));
    }

    [Theory]
    // AWS's table: what comes in, what the filter has, and whether the record is passed on.
    [InlineData("""{"DATA":["text"]}""", "text", true)]
    [InlineData("""{"DATA":[{"prefix":"t"}]}""", "text", true)]
    [InlineData("""{"DATA":["other"]}""", "text", false)]
    [InlineData("""{"none":[{"exists":false}]}""", "text", true)]
    [InlineData("""{"DATA":{"a":["x"]}}""", "text", false)]
    [InlineData("""{"DATA":{"a":[{"exists":false}]}}""", "text", false)]
    [InlineData("""{"DATA.a":[{"exists":false}]}""", "text", false)]
    [InlineData("""{"DATA":["text"]}""", """{"a":"x"}""", false)]
    [InlineData("""{"DATA":[{"exists":false}]}""", """{"a":"x"}""", false)]
    [InlineData("""{"DATA":[{"anything-but":"text"}]}""", """{"a":"x"}""", false)]
    [InlineData("""{"none":[{"exists":false}]}""", """{"a":"x"}""", true)]
    [InlineData("""{"DATA":{"a":["x"]}}""", """{"a":"x"}""", true)]
    [InlineData("""{"DATA":{"b":[{"exists":false}]}}""", """{"a":"x"}""", true)]
    [InlineData("""{"DATA":{"a":["y"]}}""", """{"a":"x"}""", false)]
    public void A_pattern_for_JSON_takes_no_text_and_a_pattern_for_text_takes_no_JSON(string filter, string data, bool taken)
    {
        (string, string)[] samples =
        [
            ("sqs-fifo", "body"), ("kinesis", "data"), ("kafka", "value"), ("mq", "data"),
            ("pipes/kinesis", "data"), ("pipes/kafka", "value"), ("pipes/mq", "data"),
        ];
        foreach (var (sample, field) in samples)
        {
            var encoded = field == "body" ? data : Convert.ToBase64String(Encoding.UTF8.GetBytes(data));
            var route = RouteOf(filter.Replace("DATA", field, StringComparison.Ordinal));
            var items = Open(WithData(SampleEvents.Read(sample), field, encoded));
            Assert.NotEmpty(items);
            Assert.All(items, item => Assert.True(taken == route.WhyNot(item) is null, $"{sample}: {route.WhyNot(item)}"));
        }
    }

    [Fact]
    public void The_field_of_the_other_form_is_named()
    {
        var items = Open(WithData(SampleEvents.Read("sqs-fifo"), "body", "text"));
        Assert.All(items, item => Assert.Equal("body", RouteOf("""{"body":{"a":[{"exists":false}]}}""").WhyNot(item)));
    }

    private static List<Item> Open(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. EventSources.Open(document.RootElement.Clone(), "request-1", static _ => false).Items];
    }

    private static Route RouteOf(string pattern)
    {
        var when = PatternText.Read(pattern, out var problems);
        Assert.True(when is not null, problems);
        return new("route", when, null, [], []);
    }

    /// <summary>The sample with other data in each of its records.</summary>
    private static string WithData(string sample, string field, string data)
    {
        var root = JsonNode.Parse(sample)!;
        Replace(root);
        return root.ToJsonString();

        void Replace(JsonNode? node)
        {
            if (node is JsonObject members)
            {
                foreach (var (name, value) in members.ToArray())
                {
                    if (name == field && value is JsonValue)
                    {
                        members[name] = data;
                    }
                    else
                    {
                        Replace(value);
                    }
                }
            }
            else if (node is JsonArray items)
            {
                foreach (var item in items)
                {
                    Replace(item);
                }
            }
        }
    }
}
