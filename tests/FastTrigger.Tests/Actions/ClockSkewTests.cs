using System.Globalization;
using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>What is compared with AWS's clock while the function's own is wrong, noticed (C5.1) or not.</summary>
public sealed class ClockSkewTests
{
    private const string Own = "123456789012";

    private static readonly WorldFile s_world = new()
    {
        Instances = [new() { Id = "i-0aaaaaaaaaaaaaaa1", Tags = new Dictionary<string, string> { ["Role"] = "pump" } }],
        Documents = [new() { Name = "Plant-Valve", Script = "true" }],
        Tables = ["once"],
        Roles = [new() { Arn = $"arn:aws:iam::{Own}:role/Own" }],
    };

    /// <summary>AWS refuses a signature from five minutes on: before that nobody notices the difference.</summary>
    [Theory]
    [InlineData(-4)]
    [InlineData(4)]
    [InlineData(-20)]
    [InlineData(20)]
    public async Task A_command_whose_answer_was_lost_is_found(int minutes)
    {
        var routes = RouterFixture.Route(
            """{"run-command":{"targets":{"tag:Role":["pump"]},"document":"Plant-Valve","confirm":false,"once":false}}""");
        await using var router = await RouterFixture.StartAsync(routes, s_world);
        router.Aws.World.ClockOffset = TimeSpan.FromMinutes(minutes);
        router.Aws.World.Add(new Fault { Operation = "SendCommand", Kind = FaultKind.AcceptedThenReset });
        var (outcome, detail) = router.Act(RouterFixture.Event("{}"));
        Assert.True(outcome == "done", detail);
        Assert.Single(router.Aws.World.Commands);
    }

    /// <summary>The write that takes an entry may be the call by which the function learns that its clock is wrong.</summary>
    [Theory]
    [InlineData(-20)]
    [InlineData(20)]
    public async Task The_times_of_an_entry_are_those_of_AWS_from_the_first_write_on_C4_3(int minutes)
    {
        var routes = RouterFixture.Route(
            """{"run-command":{"targets":{"tag:Role":["pump"]},"document":"Plant-Valve","confirm":false}}""");
        await using var router = await RouterFixture.StartAsync(routes, s_world, ("FASTTRIGGER_ONCE_TABLE", "once"));
        router.Aws.World.ClockOffset = TimeSpan.FromMinutes(minutes);
        // The answer is lost and the command cannot be found, so the entry stays in progress.
        router.Aws.World.Add(new Fault { Operation = "SendCommand", Kind = FaultKind.AcceptedThenReset });
        router.Aws.World.Add(new Fault { Operation = "ListCommands", Kind = FaultKind.Error, Code = "AccessDeniedException", Times = 9 });
        var before = router.Aws.World.Now;
        Assert.Equal("retry", router.Act(RouterFixture.Event("{}")).Outcome);
        // One write, so that nothing depends on a second one that corrects it.
        Assert.Single(router.Aws.World.Calls, static call => call.Operation == "PutItem" && call.Status == 200);
        var entry = Assert.Single(router.Aws.World.Tables["once"].Values);
        Assert.InRange(Time(entry, "started"), before.AddMinutes(-1), before.AddMinutes(1));
        Assert.InRange(Time(entry, "in_progress_expiration"), before.AddSeconds(20), before.AddMinutes(1));
    }

    [Fact]
    public async Task A_role_is_not_assumed_anew_because_the_clock_was_wrong_C5_4()
    {
        await using var router = await RouterFixture.StartAsync(
            RouterFixture.Route($$$"""{"tag":{"tags":{"a":"b"},"volumes":false,"role":"arn:aws:iam::{{{Own}}}:role/Own"}}"""),
            s_world);
        router.Aws.World.AddNamedIn("vol-0aaaaaaaaaaaaaaa1 vol-0aaaaaaaaaaaaaaa2");
        Assert.Equal("done", router.Act(Volume("vol-0aaaaaaaaaaaaaaa1")).Outcome);
        router.Aws.World.ClockOffset = TimeSpan.FromSeconds(290);
        // EC2's code for a request with an old time, which is its code for an expired session too.
        router.Aws.World.Add(new Fault { Operation = "DescribeTags", Kind = FaultKind.ExpiredToken });
        Assert.Equal("done", router.Act(Volume("vol-0aaaaaaaaaaaaaaa2")).Outcome);
        Assert.Equal(1, router.Aws.Operations.Count(operation => operation == "AssumeRole"));
    }

    /// <summary>An answer that is not AWS's, such as that of a proxy, must not make every later call fail.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    [InlineData(366 * 100)]
    public async Task A_clock_that_is_wrong_by_days_is_not_believed_C5_1(int days)
    {
        await using var router = await RouterFixture.StartAsync(
            RouterFixture.Route("""{"tag":{"tags":{"a":"b"},"volumes":false}}"""),
            s_world);
        router.Aws.World.AddNamedIn("vol-0aaaaaaaaaaaaaaa1");
        router.Aws.World.ClockOffset = TimeSpan.FromDays(days);
        Assert.NotEqual("done", router.Act(Volume("vol-0aaaaaaaaaaaaaaa1")).Outcome);
        router.Aws.World.ClockOffset = TimeSpan.Zero;
        var calls = router.Aws.Operations.Count();
        Assert.Equal("done", router.Act(Volume("vol-0aaaaaaaaaaaaaaa1")).Outcome);
        // The first signature is right, so that no call is made twice.
        Assert.Equal(["DescribeTags", "CreateTags"], router.Aws.Operations.Skip(calls));
    }

    private static string Volume(string id) =>
        RouterFixture.Event($$$"""{"eventName":"CreateVolume","responseElements":{"volumeId":"{{{id}}}"}}""", id);

    private static DateTimeOffset Time(JsonObject entry, string name) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(entry[name]!["N"]!.GetValue<string>(), CultureInfo.InvariantCulture));
}
