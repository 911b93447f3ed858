using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Events;
using FastTrigger.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace FastTrigger.Tests.Dispatch;

/// <summary>What differs only in whom it befalls is one call.</summary>
public sealed class CallBatchTests
{
    private const string Unguarded = """
        {"run-command":{"targets":{"instanceIds":["${event.body.id}"]},"commands":["true"],"once":false,"confirm":false}}
        """;

    private const string ByOrder = ""","once":{"by":"${event.body.order ?? 'all'}"}""";

    private const string PerServer =
        """{"run-command":{"targets":{"instanceIds":["${event.body.id}"]},"commands":["true"]""" + ByOrder + "}}";

    private const string Tags = """{"tag":{"tags":{"Owner":"${owner}"},"volumes":false,"overwrite":true,"replay":true}}""";

    [Theory]
    [InlineData(Unguarded)]
    [InlineData(PerServer)]
    public async Task The_same_command_for_many_servers_is_sent_to_fifty_at_a_time(string action)
    {
        await using var fixture = await StartAsync(action, Servers(120));
        Assert.Empty(Failures(fixture.Handle(Batch(Servers(120)))));
        Assert.Equal([50, 50, 20], Sent(fixture).Select(ids => ids.Count));
        Assert.Equal(120, fixture.Logs.Count(log =>
            log.GetProperty("message").GetString() == "action"
            && log.GetProperty("detail").GetString()!.Contains("one call for", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_says_something_else_is_a_call_of_its_own()
    {
        await using var fixture = await StartAsync(PerServer, Servers(4));
        var messages = Servers(4).Select((id, i) => $$"""{"id":"{{id}}","order":"o-{{i % 2}}"}""");
        Assert.Empty(Failures(fixture.Handle(SqsSourceTests.Batch([.. messages]))));
        Assert.Equal([2, 2], Sent(fixture).Select(ids => ids.Count));
        // By default every event is acted on once for itself.
        await using var each = await StartAsync(PerServer.Replace(ByOrder, "", StringComparison.Ordinal), Servers(3));
        Assert.Empty(Failures(each.Handle(Batch(Servers(3)))));
        Assert.Equal([1, 1, 1], Sent(each).Select(ids => ids.Count));
    }

    [Fact]
    public async Task A_server_that_two_events_name_is_sent_two_unless_they_are_one_event()
    {
        await using var fixture = await StartAsync(Unguarded, Servers(2));
        var (a, b) = (Servers(2)[0], Servers(2)[1]);
        Assert.Empty(Failures(fixture.Handle(Batch([a, b, a]))));
        Assert.Equal([a, a, b], Sent(fixture).SelectMany(ids => ids).Order());
        fixture.Aws.World.ForgetCalls();
        var twice = SqsSourceTests.Record("m-0", $$"""{"id":"{{a}}"}""", null);
        Assert.Empty(Failures(fixture.Handle($$"""{"Records":[{{twice}},{{twice}}]}""")));
        Assert.Equal([a], Sent(fixture).SelectMany(ids => ids));
    }

    [Theory]
    [InlineData(Unguarded)]
    [InlineData(PerServer)]
    public async Task Of_any_batch_exactly_the_servers_that_are_offline_come_again_and_the_others_are_sent_it_once(string action)
    {
        var ids = Servers(16);
        Prop.ForAll(Gen.Elements(true, false).ArrayOf(16).ToArbitrary(), online =>
        {
            using var run = Task.Run(async () =>
            {
                var instances = ids.Select((id, i) => new WorldInstance { Id = id, Agent = online[i] ? "online" : "offline" });
                await using var fixture = await StartAsync(action, [], [.. instances]);
                var failures = Failures(fixture.Handle(Batch(ids)));
                var accepted = fixture.Aws.World.Commands.Values
                    .SelectMany(command => command.Invocations)
                    .Select(invocation => invocation.InstanceId)
                    .Order()
                    .ToList();
                var undone = ids.Select((_, i) => i).Where(i => !online[i]).Select(i => $"m-{i}");
                return failures.SequenceEqual(undone) && accepted.SequenceEqual(ids.Where((_, i) => online[i]).Order());
            });
            return run.GetAwaiter().GetResult();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(8));
    }

    [Fact]
    public async Task A_call_whose_answer_was_lost_is_not_tried_in_halves_C5_1()
    {
        var reset = new Fault { Operation = "SendCommand", Kind = FaultKind.AcceptedThenReset, Times = 1 };
        await using var fixture = await StartAsync(Unguarded, Servers(4), [], reset);
        Assert.Empty(Failures(fixture.Handle(Batch(Servers(4)))));
        Assert.Equal(4, Assert.Single(fixture.Aws.World.Commands.Values).Invocations.Count);
    }

    [Fact]
    public async Task What_was_sent_together_is_told_even_when_the_time_is_up_then_and_does_not_come_again()
    {
        var clock = new LeapingClock();
        var world = new WorldFile { Instances = [.. Servers(3).Select(id => new WorldInstance { Id = id })] };
        var aws = await AwsFixture.StartAsync(world, clock, ("FASTTRIGGER_PARTIAL_BATCH", "on"));
        // Once the answer to SendCommand is there.
        clock.HasLeapt = () => aws.Client.Response is not null;
        await using var fixture = RouterFixture.Over(
            aws,
            $$"""{"routes":[{"name":"r","when":{"body":{"id":[{"prefix":"i-"}]} },"do":[{{Unguarded}}]}]}""");
        Assert.Empty(Failures(fixture.Handle(Batch(Servers(3)))));
        Assert.Equal(3, Assert.Single(aws.World.Commands.Values).Invocations.Count);
    }

    [Fact]
    public async Task A_throttle_is_no_reason_to_call_more_often()
    {
        var throttle = new Fault { Operation = "SendCommand", Kind = FaultKind.Throttle, Times = 100 };
        await using var fixture = await StartAsync(Unguarded, Servers(8), [], throttle);
        Assert.Equal(8, Failures(fixture.Handle(Batch(Servers(8)), seconds: 60)).Count);
        Assert.InRange(fixture.Aws.World.Calls.Count(call => call.Operation == "SendCommand"), 1, 4);
    }

    [Fact]
    public async Task The_same_tags_are_one_call_and_one_resource_that_is_refused_keeps_no_other_from_its_tags()
    {
        await using var fixture = await RouterFixture.StartAsync(
            $$"""{"trust":["arn:*"],"routes":[{"name":"r","when":{"source":["aws.ec2"]},"do":[{{Tags}}]}]}""",
            new WorldFile { Instances = [.. Servers(9).Select(id => new WorldInstance { Id = id })] },
            ("FASTTRIGGER_PARTIAL_BATCH", "on"));
        Assert.Empty(Failures(fixture.Handle(SqsSourceTests.Batch([.. Servers(9).Select((id, i) => Launch(id, i))]))));
        var tagged = Assert.Single(fixture.Aws.World.Calls, call => call.Operation == "CreateTags");
        Assert.Equal(9, tagged.Parameters["Resources"]!.AsArray().Count);
        Assert.All(Servers(9), id => Assert.Equal("alice", fixture.Aws.World.Resources[id]["Owner"]));

        // One that EC2 does not know yet.
        fixture.Aws.World.UnknownUntil[Servers(9)[4]] = DateTimeOffset.UtcNow.AddMinutes(1);
        fixture.Aws.World.ForgetCalls();
        var again = Failures(fixture.Handle(SqsSourceTests.Batch([.. Servers(9).Select((id, i) => Launch(id, i, "bob"))]), seconds: 8));
        Assert.Equal(["m-4"], again);
        Assert.All(Servers(9).Where((_, i) => i != 4), id => Assert.Equal("bob", fixture.Aws.World.Resources[id]["Owner"]));
    }

    [Fact]
    public async Task What_is_asked_for_an_event_is_asked_once_whether_it_finds_company_or_not()
    {
        await using var fixture = await RouterFixture.StartAsync(
            $$"""
            {"trust":["arn:*"],"routes":[{"name":"r","when":{"source":["aws.ec2"]},
             "do":[{{Tags.Replace("\"volumes\":false,", "", StringComparison.Ordinal)}}]}]}
            """,
            new WorldFile { Instances = [.. Servers(3).Select(id => new WorldInstance { Id = id })] },
            ("FASTTRIGGER_PARTIAL_BATCH", "on"));
        Assert.Empty(Failures(fixture.Handle(SqsSourceTests.Batch([.. Servers(3).Select((id, i) => Launch(id, i, $"person-{i}"))]))));
        Assert.Equal(3, fixture.Aws.Operations.Count(name => name == "DescribeInstances"));
        Assert.Equal(3, fixture.Aws.Operations.Count(name => name == "CreateTags"));
    }

    [Theory]
    [InlineData("\"dryRun\":true,", Unguarded)]
    [InlineData("\"retryFor\":\"15m\",", """
        {"run-command":{"targets":{"instanceIds":["${event.body.id}"]},"commands":["true"],"once":false,"wait":{"timeout":"10s"}}}
        """)]
    [InlineData("", Unguarded + "," + Unguarded)]
    public async Task A_dry_run_one_that_waits_and_a_route_with_more_actions_do_each_for_itself(string settings, string actions)
    {
        await using var fixture = await StartAsync(actions, Servers(2), settings: settings);
        Assert.Empty(Failures(fixture.Handle(Batch(Servers(2)))));
        Assert.All(Sent(fixture), ids => Assert.Single(ids));
    }

    [Fact]
    public async Task Where_order_is_to_be_kept_each_is_for_itself()
    {
        await using var fixture = await StartAsync(Unguarded, Servers(3));
        var records = Servers(3).Select((id, i) => SqsSourceTests.Record($"m-{i}", $$"""{"id":"{{id}}"}""", "group"));
        Assert.Empty(Failures(fixture.Handle($$"""{"Records":[{{string.Join(',', records)}}]}""")));
        Assert.Equal([1, 1, 1], Sent(fixture).Select(ids => ids.Count));
    }

    /// <summary>An hour goes by in a moment.</summary>
    private sealed class LeapingClock : FastTrigger.Core.Clock
    {
        public Func<bool> HasLeapt { get; set; } = static () => false;

        public override long MonotonicMs => base.MonotonicMs + (HasLeapt() ? 3_600_000 : 0);
    }

    private static string[] Servers(int count) => [.. Enumerable.Range(1, count).Select(i => $"i-{i:x17}")];

    private static string Batch(string[] ids) => SqsSourceTests.Batch([.. ids.Select(id => $$"""{"id":"{{id}}"}""")]);

    private static string Launch(string id, int i, string who = "alice") =>
        $$"""
        {"id":"e-{{who}}-{{i}}","source":"aws.ec2","detail-type":"AWS API Call via CloudTrail",
         "account":"123456789012","region":"us-east-1","time":"{{DateTimeOffset.UtcNow:yyyy-MM-dd'T'HH:mm:ss'Z'}}",
         "detail":{"eventName":"RunInstances","userIdentity":{"type":"IAMUser","userName":"{{who}}"},
         "responseElements":{"instancesSet":{"items":[{"instanceId":"{{id}}"}]} } } }
        """;

    private static List<List<string>> Sent(RouterFixture fixture) =>
        [.. fixture.Aws.World.Calls
            .Where(call => call.Operation == "SendCommand" && call.Status == 200)
            .Select(call => call.Parameters["InstanceIds"]!.AsArray().Select(id => id!.GetValue<string>()).ToList())];

    private static List<string> Failures((JsonElement Answer, FastTrigger.Runtime.RuntimeError? Error, bool Exit) handled)
    {
        Assert.True(handled.Error is null, handled.Error?.Message);
        return [.. handled.Answer.GetProperty("batchItemFailures").EnumerateArray()
            .Select(entry => entry.GetProperty("itemIdentifier").GetString()!)];
    }

    private static Task<RouterFixture> StartAsync(
        string actions,
        string[] servers,
        WorldInstance[]? instances = null,
        Fault? fault = null,
        string settings = "") => RouterFixture.StartAsync(
        $$"""{"routes":[{"name":"r",{{settings}}"when":{"body":{"id":[{"prefix":"i-"}]} },"do":[{{actions}}]}]}""",
        new WorldFile
        {
            Instances = [.. instances ?? [], .. servers.Select(id => new WorldInstance { Id = id })],
            Faults = fault is null ? [] : [fault],
        },
        ("FASTTRIGGER_PARTIAL_BATCH", "on"));
}
