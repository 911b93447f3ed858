using System.Text.Json.Nodes;
using FastTrigger.Cli.Policy;
using FastTrigger.Cli.Routes;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates;

/// <summary>The function's role: the least-privilege policies of its routes and triggers.</summary>
internal sealed class TemplateRole(TemplateParts parts)
{
    private const string FunctionName = "${AWS::StackName}";

    /// <summary>docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html</summary>
    private const int MaxInlinePolicies = 10_240;

    /// <summary>The reasons why no policy can be created.</summary>
    public IReadOnlyList<RouteProblem> Problems { get; private set; } = [];

    public JsonObject Generate()
    {
        var scope = new PolicyScope("${AWS::Partition}", "${AWS::Region}", "${AWS::AccountId}", FunctionName, $"{FunctionName}-once")
        {
            Queues = [.. parts.Queues.OwnQueues.Select(queue => $"${{{queue}.Arn}}")],
        };
        var generator = new PolicyGenerator(parts.Table, parts.File, scope);
        var statements = generator.Generate();
        List<PolicyStatement> platform = [.. generator.Platform(), .. parts.Statements];
        Problems = [.. generator.Problems, .. TooLarge([.. statements, .. platform])];
        var policies = new JsonArray();
        Add(policies, "Routes", [.. statements]);
        Add(policies, "Platform", [.. platform.Where(statement => statement.Sid != "Network")]);
        Add(policies, "Network", [.. platform.Where(statement => statement.Sid == "Network")], "InVpc");
        Add(policies, "Key", [PolicyGenerator.Key("${KmsKeyArn}")], "HasKey");
        foreach (var (condition, statement) in parts.ConditionalStatements)
        {
            Add(policies, statement.Sid, [statement], condition);
        }

        return new()
        {
            [TemplateYaml.Comment] =
                "The permissions that the routes use, on the resources that they name. fasttrigger policy --explain gives the reasons.",
            ["Type"] = "AWS::IAM::Role",
            ["Properties"] = new JsonObject
            {
                ["AssumeRolePolicyDocument"] = Parse("""
                    {
                      "Version": "2012-10-17",
                      "Statement": [
                        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
                      ]
                    }
                    """),
                ["Policies"] = policies,
            },
        };
    }

    /// <summary>IAM counts all inline policies of a role together, without white space.</summary>
    private static IEnumerable<RouteProblem> TooLarge(IReadOnlyList<PolicyStatement> statements)
    {
        // An ARN that is referred to is longer than its reference.
        var length = statements.Sum(static statement => statement.ToJson().ToJsonString(ReadableJson.OneLine).Length
            + statement.Resources.Where(static arn => arn.EndsWith(".Arn}", StringComparison.Ordinal))
                .Sum(static arn => Math.Max(0, TemplateQueues.ArnLength(arn) - arn.Length)));
        if (length > MaxInlinePolicies)
        {
            var message = $"the role's policies have {length} characters, and IAM takes {MaxInlinePolicies} at most";
            yield return new(null, "routes", message + "; deploy the routes as several functions");
        }
    }

    private static void Add(JsonArray policies, string name, List<PolicyStatement> statements, string? condition = null)
    {
        if (statements.Count == 0)
        {
            return;
        }

        var policy = new JsonObject
        {
            ["PolicyName"] = name,
            ["PolicyDocument"] = new JsonObject
            {
                ["Version"] = "2012-10-17",
                ["Statement"] = new JsonArray([.. statements.Select(Describe)]),
            },
        };
        policies.Add((JsonNode)(condition is null ? policy : If(condition, policy)));
    }

    /// <summary>A statement with Fn::Sub for ARNs with variables, and its reason as a comment.</summary>
    private static JsonNode Describe(PolicyStatement statement)
    {
        var json = statement.ToJson();
        var arns = json["Resource"]!.AsArray().Select(resource => resource!.GetValue<string>()).ToList();
        json["Resource"] = new JsonArray(
            [.. arns.Select(arn => arn.Contains("${", StringComparison.Ordinal) ? Sub(arn) : (JsonNode)arn)]);
        var user = statement.Routes.Count == 0 ? "Lambda itself" : string.Join(", ", statement.Routes);
        json[TemplateYaml.Comment] = $"{user}: {statement.Why}";
        return json;
    }
}
