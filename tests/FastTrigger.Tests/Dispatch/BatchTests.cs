using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Events;
using FastTrigger.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace FastTrigger.Tests.Dispatch;

/// <summary>Batches of records: what is done, and what is told to come again (C3.3).</summary>
public sealed class BatchTests
{
    /// <summary>A good message checks a website that is there, a bad one a website that is not, and any other is taken by nobody.</summary>
    private const string Routes = """
        {"allow":{"hosts":["localhost"]},"unmatched":"error","routes":[
          {"name":"up","when":{"body":{"site":["good"]}},"do":[{"check-website":{"url":"${env.SITE}up"}}]},
          {"name":"down","when":{"body":{"site":["bad"]}},"do":[{"check-website":{"url":"${env.SITE}down"}}]}]}
        """;

    private static readonly WorldFile s_world = new() { Sites = [new() { Path = "/up", Status = 200, Body = "good" }] };

    [Fact]
    public async Task Exactly_the_records_that_were_not_done_come_again_C3_3()
    {
        await using var fixture = await StartAsync(partial: true);
        Prop.ForAll(Gen.Elements("good", "bad", "other").ArrayOf().Where(kinds => kinds.Length > 0).ToArbitrary(), kinds =>
        {
            var (answer, error, _) = fixture.Handle(Batch(kinds));
            return error is null && Failures(answer).SequenceEqual(Undone(kinds));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25).WithEndSize(12));
    }

    [Fact]
    public async Task Exactly_the_messages_of_a_pipe_that_were_not_done_come_again_C3_3()
    {
        await using var fixture = await StartAsync(partial: true);
        Prop.ForAll(Gen.Elements("good", "bad", "other").ArrayOf().Where(kinds => kinds.Length > 0).ToArbitrary(), kinds =>
        {
            var records = JsonDocument.Parse(Batch(kinds)).RootElement.GetProperty("Records").GetRawText();
            var (answer, error, _) = fixture.Handle(records);
            return error is null && Failures(answer).SequenceEqual(Undone(kinds));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25).WithEndSize(12));
    }

    [Fact]
    public async Task In_a_message_group_nothing_overtakes_what_was_not_done_and_other_groups_go_on_C3_3()
    {
        await using var fixture = await StartAsync(partial: true);
        Prop.ForAll(NotEmpty(Gen.Elements("good", "bad").Zip(Gen.Elements("a", "b"))), records =>
        {
            var text = records.Select((record, i) => SqsSourceTests.Record($"m-{i}", Body(record.Item1), record.Item2));
            var (answer, error, _) = fixture.Handle($$"""{"Records":[{{string.Join(',', text)}}]}""");
            var stopped = new HashSet<string>();
            var expected = records.Index()
                .Where(record => stopped.Contains(record.Item.Item2)
                    || (record.Item.Item1 == "bad" && stopped.Add(record.Item.Item2)))
                .Select(record => $"m-{record.Index}");
            return error is null && Failures(answer).SequenceEqual(expected.ToList());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25).WithEndSize(12));
    }

    [Fact]
    public async Task Of_a_stream_the_first_record_that_was_not_done_is_told_and_nothing_behind_it_is_begun_C3_3()
    {
        await using var fixture = await StartAsync(partial: true);
        Prop.ForAll(Gen.Elements("good", "bad").ArrayOf().Where(kinds => kinds.Length > 0).ToArbitrary(), kinds =>
        {
            var (answer, error, _) = fixture.Handle(Stream(kinds));
            var first = Array.IndexOf(kinds, "bad");
            return error is null && Failures(answer).SequenceEqual(first < 0 ? [] : [$"{first}"]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25).WithEndSize(12));
        var actions = fixture.Logs.Count(log => log.GetProperty("message").GetString() == "action");
        _ = fixture.Handle(Stream(["bad", "good", "good"]));
        Assert.Equal(actions + 1, fixture.Logs.Count(log => log.GetProperty("message").GetString() == "action"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_state_of_a_window_is_given_back(bool partial)
    {
        await using var fixture = await RouterFixture.StartAsync(
            Routes.Replace("\"error\"", "\"success\"", StringComparison.Ordinal),
            s_world,
            ("FASTTRIGGER_PARTIAL_BATCH", partial ? "on" : "off"));
        var window = Cli.Samples.SampleEvents.Read("kinesis-window")
            .Replace("{\n    \"levels\": 3\n  }", "{\"levels\": 3}", StringComparison.Ordinal);
        Assert.Equal("""{"state":{"levels": 3},"batchItemFailures":[]}""", Text(fixture.Handle(window).Answer));

        static string Text(JsonElement answer) => answer.GetRawText();
    }

    [Fact]
    public async Task A_batch_that_is_not_told_what_was_done_comes_again_as_a_whole_C3_3()
    {
        await using var fixture = await StartAsync(partial: true);
        // The routes look at `body`, which no message of MQ has.
        Assert.Equal("Function.Unmatched", fixture.Handle(Cli.Samples.SampleEvents.Read("mq")).Error?.Type);
        // A pipe takes no answer for records of Kafka.
        Assert.Equal("Function.Unmatched", fixture.Handle(Cli.Samples.SampleEvents.Read("pipes/kafka")).Error?.Type);
    }

    [Fact]
    public async Task Of_Kafka_the_first_record_of_each_partition_is_told_that_was_not_done_C3_3()
    {
        await using var fixture = await StartAsync(partial: true);
        Prop.ForAll(NotEmpty(Gen.Elements("good", "bad").Zip(Gen.Elements(0, 1, 2))), records =>
        {
            var partitions = records.Index().GroupBy(record => record.Item.Item2).ToList();
            var text = partitions.Select(partition =>
            {
                var messages = partition.Select(record => $$"""
                    {"topic":"levels","partition":{{partition.Key}},"offset":{{record.Index}},"value":"eA==",
                     "body":{"site":"{{record.Item.Item1}}"} }
                    """);
                return $"\"levels-{partition.Key}\":[{string.Join(',', messages)}]";
            });
            var (answer, error, _) = fixture.Handle($$"""
                {"eventSource":"aws:kafka","eventSourceArn":"arn:aws:kafka:us-east-1:123456789012:cluster/plant/1",
                 "records":{ {{string.Join(',', text)}} } }
                """);
            var expected = partitions
                .SelectMany(partition => partition.Where(record => record.Item.Item1 == "bad").Take(1))
                .Select(record => ($"levels-{record.Item.Item2}", record.Index));
            var told = answer.GetProperty("batchItemFailures").EnumerateArray()
                .Select(entry => entry.GetProperty("itemIdentifier"))
                .Select(id => (id.GetProperty("partition").GetString()!, id.GetProperty("offset").GetInt32()));
            return error is null && told.SequenceEqual(expected);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25).WithEndSize(12));
    }

    [Fact]
    public async Task What_S3_sends_when_notifications_are_set_up_is_no_event_that_nobody_takes()
    {
        await using var fixture = await StartAsync(partial: true);
        var (answer, error, _) = fixture.Handle(Cli.Samples.SampleEvents.Read("s3-test"));
        Assert.Null(error);
        Assert.Equal(0, answer.GetProperty("items").GetInt32());
    }

    [Fact]
    public async Task Without_partial_answers_one_undone_record_makes_the_invocation_an_error_C3_3()
    {
        await using var fixture = await StartAsync(partial: false);
        Assert.Equal("Function.ActionFailed", fixture.Handle(Batch(["good", "bad"])).Error?.Type);
        Assert.Equal("Function.Unmatched", fixture.Handle(Batch(["good", "other"])).Error?.Type);
        var (answer, error, _) = fixture.Handle(Batch(["good", "good"]));
        Assert.Null(error);
        Assert.Equal("{}", answer.GetRawText());
    }

    [Fact]
    public async Task When_the_deadline_nears_what_was_not_begun_comes_again_and_the_answer_is_still_given_C3_3()
    {
        await using var fixture = await StartAsync(partial: true);
        var (answer, error, _) = fixture.Handle(Batch(["good", "good"]), seconds: 0);
        Assert.Null(error);
        Assert.Equal(["m-0", "m-1"], Failures(answer));
    }

    [Fact]
    public async Task The_same_event_twice_in_a_batch_acts_once()
    {
        await using var fixture = await RouterFixture.StartAsync(
            RouterFixture.Route("""{"check-website":{"url":"${env.SITE}up"}}""", "\"allow\":{\"hosts\":[\"localhost\"]},"),
            s_world,
            ("FASTTRIGGER_PARTIAL_BATCH", "on"));
        var message = RouterFixture.Event("{}");
        var (answer, error, _) = fixture.Handle(SqsSourceTests.Batch(message, message));
        Assert.Null(error);
        Assert.Empty(Failures(answer));
        Assert.Single(fixture.Logs, log => log.GetProperty("message").GetString() == "action");

        // Another event that only has the same id is another event.
        _ = fixture.Handle(SqsSourceTests.Batch(message, message.Replace("{}", """{"other":1}""", StringComparison.Ordinal)));
        Assert.Equal(3, fixture.Logs.Count(log => log.GetProperty("message").GetString() == "action"));
    }

    private static Task<RouterFixture> StartAsync(bool partial) =>
        RouterFixture.StartAsync(Routes, s_world, ("FASTTRIGGER_PARTIAL_BATCH", partial ? "on" : "off"));

    private static string Batch(IEnumerable<string> kinds) => SqsSourceTests.Batch([.. kinds.Select(Body)]);

    /// <summary>Changes of a table, with what the routes look at beside them.</summary>
    private static string Stream(string[] kinds)
    {
        var records = kinds.Select((kind, i) => $$"""
            {"eventSource":"aws:dynamodb","eventID":"e-{{i}}","body":{"site":"{{kind}}"},"dynamodb":{"SequenceNumber":"{{i}}"} }
            """);
        return $$"""{"Records":[{{string.Join(',', records)}}]}""";
    }

    private static string Body(string kind) => kind == "other" ? """{"other":1}""" : $$"""{"site":"{{kind}}"}""";

    private static Arbitrary<T[]> NotEmpty<T>(Gen<T> records) =>
        records.ArrayOf().Where(records => records.Length > 0).ToArbitrary();

    private static IEnumerable<string> Undone(string[] kinds) =>
        kinds.Index().Where(kind => kind.Item != "good").Select(kind => $"m-{kind.Index}");

    private static List<string> Failures(JsonElement answer) =>
        [.. answer.GetProperty("batchItemFailures").EnumerateArray()
            .Select(entry => entry.GetProperty("itemIdentifier").GetString()!)];
}
