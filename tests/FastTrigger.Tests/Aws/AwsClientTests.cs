using FastTrigger.Actions;
using FastTrigger.Aws;
using FastTrigger.Aws.Ec2;
using FastTrigger.Aws.Ssm;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Aws;

public sealed class AwsClientTests
{
    private const string Id = "i-0123456789abcdef0";
    private static readonly WorldFile s_world = new() { Instances = [new() { Id = Id }] };
    private static readonly Tag[] s_owner = [new("Owner", "alice & <bob> ü")];

    [Fact]
    public async Task Tags_are_written_and_read_back_over_https()
    {
        await using var aws = await AwsFixture.StartAsync(new WorldInstance { Id = Id });
        Assert.Null(aws.Ec2.CreateTags([Id], s_owner, Exchange.Soon));
        var found = new List<TagDescription>();
        Assert.Null(aws.Ec2.DescribeTags([Id], ["Owner", "Other"], found, Exchange.Soon));
        Assert.Equal(new TagDescription(Id, "Owner", "alice & <bob> ü"), Assert.Single(found));
    }

    [Fact]
    public async Task Every_page_is_read()
    {
        string[] ids = [.. Enumerable.Range(0, 23).Select(i => $"i-{i:x17}")];
        await using var aws = await AwsFixture.StartAsync([.. ids.Select((id, i) => new WorldInstance
        {
            Id = id,
            Tags = new Dictionary<string, string> { ["Role"] = i % 2 == 0 ? "pump" : "valve", ["N"] = $"{i}" },
        })]);
        aws.World.PageSize = 5;
        var instances = new List<InstanceDescription>();
        Filter[] filters = [new("tag:Role", ["pump"]), new("instance-state-name", ["running"])];
        Assert.Null(aws.Ec2.DescribeInstances(filters, [], instances, Exchange.Soon));
        Assert.Equal(12, instances.Count);
        Assert.All(instances, instance => Assert.Equal("running", instance.State));
        Assert.Contains(new Tag("N", "22"), instances[^1].Tags);
        var tags = new List<TagDescription>();
        Assert.Null(aws.Ec2.DescribeTags(ids, ["N"], tags, Exchange.Soon));
        Assert.Equal(23, tags.Count);
    }

    [Theory]
    [InlineData("throttle", 2, true)]
    [InlineData("throttle", 9, false)]
    [InlineData("500", 2, true)]
    [InlineData("reset", 2, true)]
    [InlineData("accepted-then-reset", 1, true)]
    [InlineData("accepted-then-500", 1, true)]
    public async Task An_idempotent_call_is_repeated_C5_1(string kind, int times, bool recovers)
    {
        await using var aws = await AwsFixture.StartAsync(new WorldInstance { Id = Id });
        aws.World.Add(new Fault { Operation = "CreateTags", Kind = Kind(kind), Times = times });
        var failure = aws.Ec2.CreateTags([Id], s_owner, Exchange.Soon);
        Assert.Equal(recovers, failure is null);
        Assert.Equal(recovers ? times + 1 : 4, aws.World.Calls.Count);
        if (!recovers)
        {
            Assert.Equal((AwsFailureKind.Throttled, "RequestLimitExceeded"), (failure!.Kind, failure.Code));
            Assert.Equal(Outcome.Retry, failure.Result("CreateTags").Outcome);
        }
    }

    [Theory]
    [InlineData("throttle", 2, 3, true)]
    [InlineData("500", 1, 1, false)]
    [InlineData("reset", 1, 1, false)]
    [InlineData("accepted-then-reset", 1, 1, false)]
    [InlineData("accepted-then-500", 1, 1, false)]
    public async Task SendCommand_is_repeated_only_after_a_throttle_C5_1(string kind, int times, int calls, bool recovers)
    {
        await using var aws = await AwsFixture.StartAsync(new WorldInstance { Id = Id });
        aws.World.Add(new Fault { Operation = "SendCommand", Kind = Kind(kind), Times = times });
        var failure = aws.Ssm.SendCommand(Command(), Exchange.Soon, out var id);
        Assert.Equal(calls, aws.World.Calls.Count);
        Assert.Equal(recovers, failure is null);
        Assert.Equal(recovers, id.Length > 0);
        Assert.Equal(!recovers, failure?.IsUnknown ?? false);
        Assert.True(aws.World.Commands.Count <= 1);
    }

    [Fact]
    public async Task A_wrong_clock_is_corrected_by_the_date_of_the_answer()
    {
        await using var aws = await AwsFixture.StartAsync(new WorldInstance { Id = Id });
        aws.World.ClockOffset = TimeSpan.FromMinutes(47);
        Assert.Null(aws.Ec2.CreateTags([Id], s_owner, Exchange.Soon));
        Assert.InRange(aws.Shared.ClockOffsetMs, 46 * 60_000, 48 * 60_000);
        Assert.Null(aws.Ssm.SendCommand(Command(), Exchange.Soon, out _));
        Assert.Equal(["CreateTags", "CreateTags", "SendCommand"], aws.Operations);
    }

    [Fact]
    public async Task A_wrong_signature_is_refused_and_the_call_is_not_repeated()
    {
        await using var aws = await AwsFixture.StartAsync(s_world, ("AWS_SECRET_ACCESS_KEY", "another"));
        var failure = aws.Ec2.CreateTags([Id], s_owner, Exchange.Soon);
        Assert.Equal((AwsFailureKind.Refused, "AuthFailure"), (failure!.Kind, failure.Code));
        Assert.Single(aws.World.Calls);
    }

    [Fact]
    public async Task Expired_credentials_have_a_failure_kind_of_their_own_C5_4()
    {
        await using var aws = await AwsFixture.StartAsync(s_world, ("AWS_SESSION_TOKEN", "expired"));
        Assert.Equal(AwsFailureKind.Expired, aws.Ec2.CreateTags([Id], s_owner, Exchange.Soon)!.Kind);
        Assert.Equal(AwsFailureKind.Expired, aws.Ssm.SendCommand(Command(), Exchange.Soon, out _)!.Kind);
    }

    [Fact]
    public async Task A_call_without_an_answer_ends_at_the_deadline_and_reports_it()
    {
        await using var aws = await AwsFixture.StartAsync(new WorldInstance { Id = Id });
        aws.World.Add(new Fault { Kind = FaultKind.Silent, Times = 5 });
        var failure = aws.Ec2.CreateTags([Id], s_owner, Deadline.In(Clock.System, 300));
        Assert.Equal(AwsFailureKind.NoAnswer, failure!.Kind);
        Assert.True(failure.TimeIsUp);
    }

    [Fact]
    public async Task The_client_waits_for_a_slow_answer()
    {
        await using var aws = await AwsFixture.StartAsync(new WorldInstance { Id = Id });
        aws.World.Add(new Fault { Kind = FaultKind.Slow, Milliseconds = 300 });
        Assert.Null(aws.Ec2.CreateTags([Id], s_owner, Exchange.Soon));
    }

    [Fact]
    public async Task An_endpoint_that_refuses_connections_is_a_retry_and_is_named()
    {
        await using var aws = await AwsFixture.StartAsync(new WorldFile(), ("AWS_ENDPOINT_URL_EC2", "http://127.0.0.1:9"));
        var failure = aws.Ec2.CreateTags([Id], s_owner, Exchange.Soon);
        Assert.Equal((AwsFailureKind.NoAnswer, false), (failure!.Kind, failure.Sent));
        Assert.Contains("127.0.0.1:9", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Outcome.Retry, failure.Result("CreateTags").Outcome);
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_a_failure()
    {
        using var others = new TestCertificates();
        await using var aws = await AwsFixture.StartAsync(new WorldFile(), ("AWS_CA_BUNDLE", others.RootFile));
        var failure = aws.Ec2.CreateTags([Id], s_owner, Exchange.Soon);
        Assert.Equal((AwsFailureKind.Unusable, Outcome.Failed), (failure!.Kind, failure.Result("CreateTags").Outcome));
        Assert.Contains("certificate of localhost was refused", failure.Message, StringComparison.Ordinal);
        Assert.Empty(aws.World.Calls);
    }

    [Fact]
    public async Task A_chain_outside_Amazons_roots_is_tried_with_the_systems_store_C6_3()
    {
        var folder = Directory.CreateTempSubdirectory("fasttrigger-roots-").FullName;
        var roots = Path.Combine(TestEnvironment.Root, "src", "FastTrigger.Bootstrap", "amazon-roots.pem");
        File.Copy(roots, Path.Combine(folder, TrustStore.RootsFile));
        await using var aws = await AwsFixture.StartAsync(
            s_world,
            ("AWS_CA_BUNDLE", null),
            ("SSL_CERT_FILE", null),
            ("LAMBDA_TASK_ROOT", folder));
        Assert.True(aws.Shared.Trust.BeginsSmall("us-east-1"));
        Assert.False(aws.Shared.Trust.BeginsSmall("cn-north-1"));
        Assert.True(aws.Shared.Trust.Amazon(out _)!.LoadRoots(out _));
        // The local authority is in neither store, so the second try fails too. The reason is that of the system's store.
        var failure = aws.Ec2.CreateTags([Id], s_owner, Exchange.Soon);
        Assert.Equal(AwsFailureKind.Unusable, failure!.Kind);
        Assert.Contains("refused", failure.Message, StringComparison.Ordinal);

        // With the authority in the system's store the second try succeeds. Later calls use that store first.
        using var client = new AwsClient(new(TestEnvironment.With(aws.Shared.Settings, systemRoots: aws.Server.AuthorityFile)));
        Assert.Null(new Ec2Client(client, "us-east-1").CreateTags([Id], s_owner, Exchange.Soon));
        var untrusted = new HttpProblem(HttpFault.Untrusted, "");
        Assert.True(client.Connections.MayTryAgain(new(true, "other.example", 443, "/"), "us-east-1", untrusted));
        Assert.False(client.Connections.MayTryAgain(new(true, "localhost", 443, "/"), "us-east-1", untrusted));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Commands_are_found_by_document_and_time()
    {
        await using var aws = await AwsFixture.StartAsync(new WorldInstance { Id = Id });
        aws.World.PageSize = 2;
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(aws.Ssm.SendCommand(Command() with { Comment = $"n{i}" }, Exchange.Soon, out _));
        }

        var found = new List<CommandSummary>();
        var earlier = DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeMilliseconds();
        Assert.Null(aws.Ssm.ListCommands("AWS-RunShellScript", earlier, found, Exchange.Soon));
        Assert.Equal(5, found.Count);
        found.Clear();
        var later = DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds();
        Assert.Null(aws.Ssm.ListCommands("AWS-RunShellScript", later, found, Exchange.Soon));
        Assert.Empty(found);
    }

    [Fact]
    public async Task The_outcome_of_a_command_on_a_server_is_read()
    {
        await using var aws = await AwsFixture.StartAsync(new WorldInstance { Id = Id });
        var command = Command() with { Parameters = [("commands", ["echo out; echo err >&2; exit 3"])] };
        Assert.Null(aws.Ssm.SendCommand(command, Exchange.Soon, out var id));
        await aws.World.SettleAsync();
        var found = new List<CommandInvocation>();
        Assert.Null(aws.Ssm.ListCommandInvocations(id, found, Exchange.Soon));
        Assert.Equivalent(
            new CommandInvocation(Id, "Failed", "Failed", 3, "out\n\n----------ERROR-------\nerr\n"),
            Assert.Single(found),
            strict: true);
    }

    [Fact]
    public async Task A_connection_is_kept_between_calls()
    {
        await using var server = SocketServer.Answering(Answer, Answer, Answer);
        using var client = new AwsClient(new(TestEnvironment.Settings(("AWS_ENDPOINT_URL", $"http://127.0.0.1:{server.Port}"))));
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(new Ec2Client(client, "us-east-1").CreateTags([Id], s_owner, Exchange.Soon));
        }

        Assert.Equal(1, server.Accepted);
    }

    private static byte[] Answer => Exchange.Ok(Exchange.Tagged);

    private static SendCommandRequest Command() => new()
    {
        DocumentName = "AWS-RunShellScript",
        InstanceIds = [Id],
        Parameters = [("commands", ["true"])],
        Comment = "a \"test\"",
    };

    private static FaultKind Kind(string name) =>
        JsonSerializer.Deserialize($$"""{"faults":[{"kind":"{{name}}"}]}""", WorldJson.Default.WorldFile)!.Faults[0].Kind;
}
