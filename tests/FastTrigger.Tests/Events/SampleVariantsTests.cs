using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Samples;
using FastTrigger.Events;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Events;

/// <summary>The variants of the samples: events of their own, in the form that AWS documents.</summary>
public sealed class SampleVariantsTests
{
    private const string Launch = "eventbridge-run-instances", Server = "i-0abcd1234abcd1234";

    public static TheoryData<string, string> All =>
        [.. SampleEvents.Names.SelectMany(name => SampleEvents.Variants(name).Select(variant => (name, variant.Name)))];

    [Fact]
    public void Every_file_of_variants_is_of_a_sample_and_its_first_variant_is_the_sample_itself()
    {
        const string Prefix = "FastTrigger.Cli.Variants.";
        var files = typeof(SampleEvents).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal));
        var names = SampleEvents.Names.Where(name => SampleEvents.Variants(name).Count > 0).ToList();
        Assert.Equal(
            files.Order(StringComparer.Ordinal),
            names.Select(name => $"{Prefix}{name.Replace('/', '.')}.json").Order(StringComparer.Ordinal));
        Assert.All(names, name => Assert.Empty(SampleEvents.Variants(name)[0].Set));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_variant_is_of_the_source_of_its_sample_and_another_event_than_the_other_variants(string name, string variant)
    {
        var item = Assert.Single(Open(Read(name, variant)));
        Assert.Equal(name.Split('-')[0], item.Source);
        Assert.True(item.HasLastingId);
        var others = SampleEvents.Variants(name).Where(other => other.Name != variant);
        Assert.DoesNotContain(item.Id, others.Select(other => Open(Read(name, other.Name))[0].Id));
    }

    /// <summary>Those that a pattern is for: what is sent to a route by name reaches it without.</summary>
    public static TheoryData<string, string> ForPatterns =>
        [.. SampleEvents.Names.SelectMany(name => SampleEvents.Variants(name)
            .Where(variant => variant.Event is null)
            .Select(variant => (name, variant.Name)))];

    [Theory]
    [MemberData(nameof(ForPatterns))]
    public async Task A_variant_matches_the_pattern_that_AWS_documents_for_it(string name, string variant)
    {
        var pattern = name switch
        {
            Launch => """
                "source":["aws.ec2"],"detail-type":["AWS API Call via CloudTrail"],
                "detail":{"eventSource":["ec2.amazonaws.com"],"eventName":["RunInstances"]}
                """,
            "eventbridge-ec2-state" => $$"""
                "source":["aws.ec2"],"detail-type":["EC2 Instance State-change Notification"],
                "resources":[{"prefix":"arn:aws:ec2:us-east-1:123456789012:instance/i-"}],"detail":{"state":["{{variant}}"]}
                """,
            "eventbridge-alarm" => Alarm(variant),
            "eventbridge-scheduled" => """
                "source":["aws.events"],"detail-type":["Scheduled Event"],
                "resources":[{"prefix":"arn:aws:events:us-east-1:123456789012:rule/"}]
                """,
            "scheduler" => """
                "source":["aws.scheduler"],"detail-type":["Scheduled Event"],
                "resources":[{"prefix":"arn:aws:scheduler:us-east-1:123456789012:schedule/"}]
                """,
            "eventbridge-lifecycle" => $$"""
                "source":["aws.autoscaling"],"detail-type":["EC2 Instance-{{variant}} Lifecycle Action"]
                """,
            _ => throw new InvalidOperationException($"no pattern for {name}"),
        };
        await using var router = await RouterFixture.StartAsync(
            $$"""
            {"routes":[{"name":"r","when":{ {{pattern}} },"dryRun":true,"do":[{"call":{"url":"https://localhost/","once":false} }]}]}
            """);
        var (answer, error, _) = router.Handle(Read(name, variant));
        Assert.Null(error);
        Assert.Equal("r", Assert.Single(answer.GetProperty("routes").EnumerateArray()).GetProperty("route").GetString());
    }

    [Theory]
    [InlineData("iam-user", "alice")]
    [InlineData("assumed-role", "bob")]
    [InlineData("identity-center", "alice@example.com")]
    [InlineData("root", "root")]
    public async Task A_launch_by_a_person_gets_that_owner(string variant, string owner)
    {
        await using var router = await Tagging();
        Assert.Equal("done", router.Act(Read(Launch, variant)).Outcome);
        Assert.Equal(owner, router.Aws.World.Resources[Server]["Owner"]);
    }

    [Theory]
    [InlineData("service", "launched by Auto Scaling, not by a person")]
    [InlineData("failed", "Client.UnauthorizedOperation")]
    [InlineData("dry-run", "Client.DryRunOperation")]
    public async Task A_launch_without_a_person_or_without_a_server_gets_no_owner(string variant, string reason)
    {
        await using var router = await Tagging();
        var (outcome, detail) = router.Act(Read(Launch, variant));
        Assert.Equal("skipped", outcome);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
        Assert.DoesNotContain("Owner", router.Aws.World.Resources[Server].Keys);
    }

    private static Task<RouterFixture> Tagging() => RouterFixture.StartAsync(
        RouterFixture.Route("""{"tag":{"tags":{"Owner":"${owner}"}}}"""),
        new WorldInstance { Id = Server });

    private static string Alarm(string variant)
    {
        var isComposite = variant == "composite";
        var state = isComposite ? "ALARM" : variant.ToUpperInvariant().Replace('-', '_');
        return $$"""
            "source":["aws.cloudwatch"],"detail-type":["CloudWatch Alarm State Change"],
            "resources":[{"prefix":"arn:aws:cloudwatch:us-east-1:123456789012:alarm:tank-"}],
            "detail":{
              "configuration":{"alarmRule":[{"exists":{{(isComposite ? "true" : "false")}} }]},
              "previousState":{"value":[{"anything-but":"{{state}}"}]},
              "state":{"value":["{{state}}"]}
            }
            """;
    }

    private static string Read(string name, string variant) =>
        SampleEvents.Variants(name).Single(one => one.Name == variant)
            .Apply(System.Text.Json.Nodes.JsonNode.Parse(SampleEvents.Read(name))!).ToJsonString();

    private static IReadOnlyList<Item> Open(string payload) =>
        EventSources.Open(JsonDocument.Parse(payload).RootElement, "request-1", static _ => true).Items;
}
