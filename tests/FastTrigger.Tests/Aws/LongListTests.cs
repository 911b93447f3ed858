using FastTrigger.Aws;
using FastTrigger.Aws.Ec2;
using FastTrigger.Aws.Ssm;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Aws;

/// <summary>Lists that are longer than one request or one page takes.</summary>
public sealed class LongListTests
{
    private static readonly string[] s_ids = [.. Enumerable.Range(1, 450).Select(i => $"i-{i:x17}")];

    [Fact]
    public async Task Instances_are_described_200_filter_values_at_a_time()
    {
        await using var aws = await StartAsync();
        var found = new List<InstanceDescription>();
        Filter[] filters = [new("instance-state-name", ["running"]), new("instance-id", s_ids)];
        Assert.Null(aws.Ec2.DescribeInstances(filters, [], found, Exchange.Soon));
        Assert.Equal(s_ids, found.Select(instance => instance.InstanceId));
        Assert.Equal([200, 200, 50], aws.World.Calls.Select(call => Filter(call, 1)));
    }

    [Fact]
    public async Task Instances_are_described_200_ids_at_a_time()
    {
        await using var aws = await StartAsync();
        var found = new List<InstanceDescription>();
        Assert.Null(aws.Ec2.DescribeInstances([], s_ids, found, Exchange.Soon));
        Assert.Equal(s_ids, found.Select(instance => instance.InstanceId));
        Assert.Equal([200, 200, 50], aws.World.Calls.Select(call => call.Parameters["InstanceIds"]!.AsArray().Count));
    }

    [Fact]
    public async Task Two_long_filters_are_combined_and_an_instance_is_found_once()
    {
        await using var aws = await StartAsync();
        var found = new List<InstanceDescription>();
        string[] keys = ["Role", .. Enumerable.Range(0, 200).Select(i => $"none-{i}"), "Plant"];
        Assert.Null(aws.Ec2.DescribeInstances([new("tag-key", keys), new("instance-id", s_ids[..250])], [], found, Exchange.Soon));
        Assert.Equal(s_ids[..250].Order(), found.Select(instance => instance.InstanceId).Order());
        Assert.Equal(4, aws.World.Calls.Count);
        Assert.All(aws.World.Calls, call => Assert.InRange(Math.Max(Filter(call, 0), Filter(call, 1)), 1, 200));
    }

    [Theory]
    [InlineData(100, null)]
    [InlineData(101, "ListCommands has more than 100 pages")]
    public async Task A_list_with_too_many_pages_is_an_error_and_not_its_end(int commands, string? problem)
    {
        await using var aws = await AwsFixture.StartAsync();
        aws.World.PageSize = 1;
        for (var i = 0; i < commands; i++)
        {
            aws.World.Commands[$"command-{i}"] = new()
            {
                Id = $"command-{i}",
                DocumentName = "AWS-RunShellScript",
                Requested = DateTimeOffset.UtcNow,
                Invocations = [],
            };
        }

        var found = new List<CommandSummary>();
        var since = DateTimeOffset.UtcNow.AddMinutes(-5).ToUnixTimeMilliseconds();
        var failure = aws.Ssm.ListCommands("AWS-RunShellScript", since, found, Exchange.Soon);
        Assert.Equal(problem, failure?.Message);
        Assert.True(failure is null or { Kind: AwsFailureKind.Refused });
        Assert.Equal(100, found.Count);
    }

    private static int Filter(AwsCall call, int index) => call.Parameters["Filters"]!.AsArray()[index]!["Values"]!.AsArray().Count;

    private static Task<AwsFixture> StartAsync() => AwsFixture.StartAsync([.. s_ids.Select(id => new WorldInstance
    {
        Id = id,
        Tags = new Dictionary<string, string> { ["Role"] = "pump", ["Plant"] = "north" },
    })]);
}
