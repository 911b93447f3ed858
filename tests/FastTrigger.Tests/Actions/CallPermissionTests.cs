using FastTrigger.Cli.Policy;
using FastTrigger.Cli.Templates;
using FastTrigger.Tests.Support;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Tests.Actions;

/// <summary>What derives from the calls of routes: the IAM policy, the endpoints that INIT opens, and those of a VPC.</summary>
public sealed class CallPermissionTests
{
    private const string Role = "\"parameters\":{\"AutomationAssumeRole\":\"arn:aws:iam::123456789012:role/x\"}";

    private const string Route = """{"routes":[{"name":"r","when":{"source":["x"]},"do":[ACTION]}]}""";

    [Fact]
    public void Every_declared_call_has_a_statement_and_an_endpoint()
    {
        var statements = Statements(EveryCall.Routes, out var problems);
        Assert.Empty(problems);
        var allowed = statements.SelectMany(statement => statement.Actions).ToHashSet();
        var opened = WarmUp.EndpointsOf(EveryCall.Table, "us-east-1");
        var file = JsonNode.Parse(EveryCall.Routes)!;
        var template = new TemplateGenerator(EveryCall.Table, file, new(60, "bootstrap.zip", false)).Generate();
        var network = template["Resources"]!.ToJsonString();
        foreach (var (_, call) in EveryCall.Calls)
        {
            Assert.Contains(call.Operation.IamAction, allowed);
            Assert.Contains((call.Operation.Service, call.Region ?? "us-east-1"), opened);
            Assert.Contains($"com.amazonaws.${{AWS::Region}}.{call.Operation.Service}", network, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_endpoint_is_opened_once_and_in_the_region_of_its_action()
    {
        const string Two = """
            {
              "allow": { "regions": ["us-east-1", "eu-central-1"] },
              "routes": [
                { "name": "a", "when": { "source": ["x"] }, "do": [{ "tag": { "tags": { "a": "b" }, "region": "eu-central-1" } }] },
                { "name": "b", "when": { "source": ["x"] }, "do": [{ "tag": { "tags": { "a": "b" } } }] }
              ]
            }
            """;
        var table = RoutesText.Read(Two, out var problems);
        Assert.True(table is not null, problems);
        Assert.Equal([("ec2", "eu-central-1"), ("ec2", "us-east-1")], WarmUp.EndpointsOf(table, "us-east-1"));
    }

    [Theory]
    [InlineData("AWS-RestartEC2Instance", "arn:aws:ssm:us-east-1::automation-definition/AWS-RestartEC2Instance:*")]
    [InlineData("AWSSupport-StartEC2RescueWorkflow", "arn:aws:ssm:us-east-1::automation-definition/AWSSupport-StartEC2RescueWorkflow:*")]
    [InlineData(
        "AWSEC2-CloneInstanceAndUpgradeSQLServer",
        "arn:aws:ssm:us-east-1::automation-definition/AWSEC2-CloneInstanceAndUpgradeSQLServer:*")]
    [InlineData("Plant-Restart", "arn:aws:ssm:us-east-1:123456789012:automation-definition/Plant-Restart:*")]
    [InlineData("arn:aws:ssm:us-east-1:210987654321:document/Theirs", "arn:aws:ssm:us-east-1:210987654321:automation-definition/Theirs:*")]
    public void A_runbook_has_the_account_of_its_owner(string document, string arn) => Assert.Equal(
        [arn],
        Statement(Runbook(document, Role), "ssm:StartAutomationExecution").Resources);

    [Theory]
    [InlineData("AWS-RestartEC2Instance", "", true)]
    [InlineData("AWS-RestartEC2Instance", Role, false)]
    [InlineData("AWS-RestartEC2Instance", "\"role\":{\"arn\":\"arn:aws:iam::123456789012:role/x\"}", false)]
    [InlineData("Plant-Restart", "", false)]
    public void A_runbook_of_AWS_that_would_work_with_the_functions_rights_is_a_mistake(string document, string rest, bool isMistake)
    {
        Statements(Route.Replace("ACTION", Runbook(document, rest), StringComparison.Ordinal), out var problems);
        Assert.Equal(
            isMistake
                ? ["route 'r': the runbook AWS-RestartEC2Instance would work with the function's own rights, which do not have what its "
                    + "steps call; name a role in its parameter AutomationAssumeRole"]
                : [],
            problems);
    }

    [Theory]
    [InlineData("AmazonCloudWatch-ManageAgent", "arn:aws:ssm:us-east-1::document/AmazonCloudWatch-ManageAgent")]
    [InlineData("AWSFleetManager-CreateUser", "arn:aws:ssm:us-east-1::document/AWSFleetManager-CreateUser")]
    [InlineData("Plant-Valve", "arn:aws:ssm:us-east-1:123456789012:document/Plant-Valve")]
    [InlineData("arn:aws:ssm:us-east-1:210987654321:document/Theirs", "arn:aws:ssm:us-east-1:210987654321:document/Theirs")]
    public void A_document_has_the_account_of_its_owner(string document, string arn) => Assert.Equal(
        [arn],
        Statement(Command($"\"document\":\"{document}\""), "ssm:SendCommand").Resources);

    [Theory]
    [InlineData("""
        {"run-automation":{"document":"AWS-RestartEC2Instance",
         "parameters":{"AutomationAssumeRole":"arn:aws:iam::123456789012:role/x"}}}
        """)]
    [InlineData("""{"run-automation":{"document":"Plant","parameters":{"AutomationAssumeRole":["arn:aws:iam::123456789012:role/x"]}}}""")]
    [InlineData("""
        {"run-command":{"targets":{"tag:Role":["pump"]},"commands":["true"],"serviceRoleArn":"arn:aws:iam::123456789012:role/x",
         "notificationConfig":{"notificationArn":"arn:aws:sns:us-east-1:123456789012:t","notificationEvents":["All"]}}}
        """)]
    public void A_role_that_is_passed_to_Systems_Manager_may_be_passed_to_it_alone(string action)
    {
        var statement = Statement(action, "iam:PassRole");
        Assert.Equal(["arn:aws:iam::123456789012:role/x"], statement.Resources);
        Assert.Equal("""{"StringEquals":{"iam:PassedToService":["ssm.amazonaws.com"]}}""", statement.Condition!.ToJsonString());
    }

    [Fact]
    public void A_passed_role_that_is_not_literal_must_be_limited()
    {
        const string Action = """{"run-automation":{"document":"Plant","parameters":{"AutomationAssumeRole":"${env.ROLE}"}}}""";
        var file = Route.Replace("ACTION", Action, StringComparison.Ordinal);
        Assert.DoesNotContain(Statements(file, out var problems), statement => statement.Actions.Contains("iam:PassRole"));
        Assert.Equal(
            "route 'r': its AutomationAssumeRole is not literal, so it could be any role; allow.roles must say which",
            Assert.Single(problems));
        var limited = file.Replace(
            "{\"routes\"",
            "{\"allow\":{\"roles\":[\"arn:aws:iam::*:role/plant\"]},\"routes\"",
            StringComparison.Ordinal);
        var passed = Statements(limited, out problems).Single(statement => statement.Actions.Contains("iam:PassRole"));
        Assert.Empty(problems);
        Assert.Equal(["arn:aws:iam::*:role/plant"], passed.Resources);
    }

    [Theory]
    [InlineData(",\"sessionTags\":{\"Team\":\"water\"}", true)]
    [InlineData("", false)]
    public void Session_tags_need_a_permission_of_their_own(string tags, bool needed)
    {
        var action = Command("\"commands\":[\"true\"],\"role\":{\"arn\":\"arn:aws:iam::123456789012:role/x\"" + tags + "}");
        var statements = Statements(Route.Replace("ACTION", action, StringComparison.Ordinal), out _);
        Assert.Equal(["arn:aws:iam::123456789012:role/x"], statements.Single(one => one.Actions.Contains("sts:AssumeRole")).Resources);
        Assert.Equal(
            needed ? ["arn:aws:iam::123456789012:role/x"] : [],
            statements.Where(one => one.Actions.Contains("sts:TagSession")).SelectMany(one => one.Resources));
    }

    [Fact]
    public void A_group_whose_owner_is_inherited_is_found_even_when_tags_are_overwritten()
    {
        const string Tag = """{"tag":{"tags":{"a":"${owner}"},"overwrite":true,"autoScaling":"inherit"}}""";
        Assert.Equal(["*"], Statement(Tag, "ec2:DescribeTags").Resources);
    }

    [Fact]
    public void A_partition_of_its_own_is_in_every_ARN()
    {
        var scope = new PolicyScope("aws-cn", "cn-north-1", "123456789012", "f", "t");
        var statements = Statements(EveryCall.Routes, out _, scope);
        var arns = statements.SelectMany(statement => statement.Resources).Where(resource => resource != "*");
        // The role is literal: routes.json names its partition.
        Assert.All(arns, arn => Assert.True(
            arn.StartsWith("arn:aws-cn:", StringComparison.Ordinal) || arn.EndsWith(":role/Own", StringComparison.Ordinal),
            arn));
    }

    private static string Command(string settings) => "{\"run-command\":{\"targets\":{\"tag:Role\":[\"pump\"]}," + settings + "}}";

    private static string Runbook(string document, string rest) =>
        "{\"run-automation\":{\"document\":\"" + document + "\"" + (rest.Length > 0 ? "," : "") + rest + "}}";

    private static PolicyStatement Statement(string action, string iamAction) =>
        Statements(Route.Replace("ACTION", action, StringComparison.Ordinal), out _)
            .First(statement => statement.Actions.Contains(iamAction));

    private static IReadOnlyList<PolicyStatement> Statements(string routes, out IReadOnlyList<string> problems, PolicyScope? scope = null)
    {
        var table = RoutesText.Read(routes, out var mistakes);
        Assert.True(table is not null, mistakes);
        scope ??= new("aws", "us-east-1", "123456789012", "fasttrigger", "fasttrigger-once");
        var generator = new PolicyGenerator(table, JsonNode.Parse(routes)!, scope);
        var statements = generator.Generate();
        problems = [.. generator.Problems.Select(problem => $"route '{problem.Route}': {problem.Message}")];
        return statements;
    }
}
