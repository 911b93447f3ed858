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

    private static List<string> Warnings(string when, string settings, string action)
    {
        var text = Encoding.UTF8.GetBytes($$"""{"routes": [{"name": "a", {{settings}}"when": { {{when}} }, "do": [{{action}}]}]}""");
        var problems = new JsonProblems("routes.json", text);
        var document = RoutesDocument.Read(text, problems, Deployment.Zip);
        Assert.True(document is not null, problems.ToString());
        return [.. SuspectRoute.Find(document.Table.Routes[0], document.Source["routes"]![0]!)];
    }
}
