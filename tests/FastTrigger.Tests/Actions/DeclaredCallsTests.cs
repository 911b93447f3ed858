using FastTrigger.Aws;
using FastTrigger.Aws.Ec2;
using FastTrigger.Aws.Ssm;
using FastTrigger.Core;
using FastTrigger.Telemetry;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>
/// An action cannot forget a declaration or a dry run: the caller refuses what is not declared and what changes something.
/// </summary>
public sealed class DeclaredCallsTests
{
    [Fact]
    public void Every_operation_that_a_client_states_is_declared_or_it_is_dead()
    {
        var declared = EveryCall.Calls.Select(call => call.Call.Operation).Append(ParameterStore.Operations.GetParameter).ToHashSet();
        Assert.InRange(EveryCall.StatedOperations.Count, 15, 100);
        Assert.All(EveryCall.StatedOperations, operation => Assert.Contains(operation, declared));
    }

    [Fact]
    public void An_operation_has_one_statement() =>
        Assert.Equal(
            EveryCall.StatedOperations.Count,
            EveryCall.StatedOperations.Select(operation => operation.IamAction).Distinct().Count());

    [Fact]
    public void Only_what_would_be_done_twice_is_not_repeated_when_its_outcome_is_unknown_C5_1() =>
        Assert.Equal(
            ["ec2:RebootInstances", "ssm:SendCommand"],
            EveryCall.StatedOperations.Where(static operation => !operation.Idempotent).Select(static one => one.IamAction).Order());

    [Fact]
    public void What_only_describes_changes_nothing_and_everything_else_does()
    {
        string[] reading = ["Describe", "List", "Get", "AssumeRole"];
        Assert.All(EveryCall.StatedOperations, operation => Assert.Equal(
            !reading.Any(prefix => operation.Name.StartsWith(prefix, StringComparison.Ordinal)),
            operation.Changes));
    }

    [Fact]
    public async Task A_call_that_is_not_declared_is_refused_by_name_before_it_is_sent()
    {
        await using var aws = await AwsFixture.StartAsync(EveryCall.World);
        var caller = new AwsCaller(aws.Client, [Ec2Client.Operations.DescribeTags]);
        var ec2 = new Ec2Client(caller, "us-east-1");
        Assert.Null(ec2.DescribeTags([EveryCall.Server], ["Role"], [], Exchange.Soon));
        var failure = ec2.CreateTags([EveryCall.Server], [new("a", "b")], Exchange.Soon);
        Assert.Equal(
            (AwsFailureKind.Unusable, "ec2:CreateTags is not among the calls that are declared", false),
            (failure!.Kind, failure.Message, failure.Sent));
        Assert.Equal(["DescribeTags"], aws.Operations);
    }

    [Fact]
    public async Task A_parameter_may_be_read_by_any_route()
    {
        await using var aws = await AwsFixture.StartAsync(EveryCall.World);
        var caller = new AwsCaller(aws.Client, []);
        var failure = aws.Shared.Parameters.Get(caller, Clock.System, "us-east-1", "/none", Exchange.Soon, out _);
        Assert.Equal("ParameterNotFound", failure!.Code);
    }

    public static TheoryData<string> RoutesWithCalls =>
        [.. EveryCall.Table.Routes.Where(route => route.Actions[0].Calls.Count > 0).Select(route => route.Name)];

    /// <summary>The context says that it is no dry run, so the action's own branch does not apply; the caller still refuses.</summary>
    [Theory]
    [MemberData(nameof(RoutesWithCalls))]
    public async Task A_dry_run_changes_nothing_even_when_an_action_forgets_it_C1_4(string name)
    {
        await using var aws = await AwsFixture.StartAsync(EveryCall.World, ("FASTTRIGGER_ONCE_TABLE", "once"));
        aws.World.AddNamedIn(EveryCall.Event);
        var table = EveryCall.Table;
        var action = table.Routes.Single(route => route.Name == name).Actions[0];
        var result = action.Run(new()
        {
            Item = Items.Read(EveryCall.Event),
            RouteName = name,
            ActionIndex = 0,
            Invocation = Items.Invocation(EveryCall.Event),
            Deadline = Exchange.Soon,
            Shared = aws.Shared,
            Aws = new(aws.Client, action.Operations, IsDryRun: true),
            Allow = table.Allow,
            Log = new Log(json: true, LogLevel.Fatal, Clock.System, descriptor: -1),
            Abandon = _ => { },
        });
        Assert.Equal(Outcome.Skipped, result.Outcome);
        Assert.StartsWith("dry run: would call ", result.Detail, StringComparison.Ordinal);
        var changing = EveryCall.StatedOperations.Where(operation => operation.Changes).Select(operation => operation.Name);
        Assert.Empty(aws.Operations.Intersect(changing));
    }
}
