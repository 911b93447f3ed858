using FastTrigger.Cli.Routes;
using FastTrigger.Json;

namespace FastTrigger.Tests.Routing;

/// <summary>What `check` warns about, because AWS takes it although it is hardly meant.</summary>
public sealed class SuspectRouteTests
{
    private const string OnInstance = """
        {"run-command": {"commands": ["true"], "targets": {"instanceIds": ["${event.detail.id}"]}}}
        """;

    private const string State = "\"source\": [\"aws.ec2\"], \"detail-type\": [\"EC2 Instance State-change Notification\"]";

    [Theory]
    [InlineData(State, true)]
    [InlineData(State + ", \"detail\": {\"state\": [\"running\"]}", true)]
    [InlineData(State + ", \"detail\": {\"state\": [{\"prefix\": \"p\"}]}", true)]
    [InlineData(State + ", \"detail\": {\"state\": [\"stopping\", \"stopped\"]}", false)]
    [InlineData("\"source\": [\"aws.autoscaling\"], \"detail-type\": [\"EC2 Instance-launch Lifecycle Action\"]", true)]
    [InlineData("\"source\": [\"aws.autoscaling\"], \"detail-type\": [\"EC2 Instance-terminate Lifecycle Action\"]", false)]
    [InlineData("\"detail-type\": [\"AWS API Call via CloudTrail\"], \"detail\": {\"eventName\": [\"RunInstances\"]}", true)]
    [InlineData("\"detail-type\": [\"AWS API Call via CloudTrail\"], \"detail\": {\"eventName\": [\"RebootInstances\"]}", false)]
    [InlineData("\"source\": [\"aws.guardduty\"]", false)]
    [InlineData("\"source\": [\"water.plant\"]", false)]
    public void A_command_on_an_instance_of_a_launch_may_need_longer_than_Lambdas_retries_C5_6(string when, bool isLaunch)
    {
        Assert.Equal(isLaunch, Warnings(when, "", OnInstance).Any(warning => warning.Contains("retryFor", StringComparison.Ordinal)));
        Assert.Empty(Warnings(when, "\"retryFor\": \"15m\", ", OnInstance));
        Assert.Empty(Warnings(when, "", """{"run-command": {"commands": ["true"], "targets": {"tag:a": ["b"]}}}"""));
    }

    [Theory]
    [InlineData(2048, "", false)]
    [InlineData(2049, "", true)]
    [InlineData(4096, "", true)]
    // No rule is made of it.
    [InlineData(2049, "\"from\": [\"sqs\"], ", false)]
    public void A_pattern_over_the_default_quota_is_named_with_the_quota(int length, string settings, bool isNamed)
    {
        const string Empty = """{"source":[""]}""";
        var when = $"\"source\":[\"{new string('x', length - Empty.Length)}\"]";
        var warnings = Warnings(when, settings, """{"handler": {"name": "h"}}""");
        Assert.Equal(isNamed, warnings.Count == 1);
        Assert.All(warnings, warning => Assert.StartsWith(
            $"route 'a': its pattern has {length} characters, and EventBridge takes 2048: have the quota \"Event pattern size\"",
            warning,
            StringComparison.Ordinal));
    }

    private static List<string> Warnings(string when, string settings, string action)
    {
        var text = Encoding.UTF8.GetBytes($$"""{"routes": [{"name": "a", {{settings}}"when": { {{when}} }, "do": [{{action}}]}]}""");
        var problems = new JsonProblems("routes.json", text);
        var document = RoutesDocument.Read(text, problems, Deployment.Zip);
        Assert.True(document is not null, problems.ToString());
        return [.. SuspectRoute.Find(document.Table.Routes[0], document.Source["routes"]![0]!)];
    }
}
