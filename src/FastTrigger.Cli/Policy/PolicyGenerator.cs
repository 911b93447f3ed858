using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FastTrigger.Actions;
using FastTrigger.Actions.Calling;
using FastTrigger.Actions.RunAutomation;
using FastTrigger.Actions.RunCommand;
using FastTrigger.Actions.Tagging;
using FastTrigger.Routing;

namespace FastTrigger.Cli.Policy;

/// <summary>
/// The least that a function with these routes needs (docs.aws.amazon.com/service-authorization/latest/reference): the actions that are used, on what
/// routes name. What cannot be narrowed is said to be so.
/// </summary>
internal sealed partial class PolicyGenerator(RouteTable table, JsonNode file, PolicyScope scope)
{
    private readonly List<PolicyStatement> _statements = [];
    private readonly List<string> _problems = [];

    /// <summary>Why no policy can be made: ids of an event could be of any server.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public IReadOnlyList<PolicyStatement> Generate()
    {
        for (var i = 0; i < table.Routes.Count; i++)
        {
            var route = table.Routes[i];
            foreach (var action in route.Actions)
            {
                Add(route.Name, action, file["routes"]![i]!);
            }

            AddCallbacks(route);
            AddParameters(route.Name, file["routes"]![i]!.ToJsonString());
        }

        return _statements;
    }

    /// <summary>What Lambda itself needs in the function's name.</summary>
    public IReadOnlyList<PolicyStatement> Platform()
    {
        var logs = new PolicyStatement("Logs", ["logs:CreateLogStream", "logs:PutLogEvents"], null, "the function's log");
        logs.Resources.Add(scope.Arn("logs", scope.Region, $"log-group:/aws/lambda/{scope.Function}:*"));
        var trace = new PolicyStatement("Trace", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], null, "X-Ray; cannot be narrowed");
        trace.Resources.Add("*");
        var network = new PolicyStatement("Network", ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"], null, "a function in a VPC; Lambda takes it only on *");
        network.Resources.Add("*");
        var letters = new PolicyStatement("DeadLetters", ["sqs:SendMessage"], null, "the dead-letter queue and the on-failure destination");
        letters.Resources.Add(scope.Arn("sqs", scope.Region, $"{scope.Function}-*"));
        var queues = new PolicyStatement("Queues", ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], null, "the queues that the function takes from: those between a rule and it, and dead letters that are played back");
        queues.Resources.Add(scope.Arn("sqs", scope.Region, $"{scope.Function}-*"));
        foreach (var arn in table.Trust.Where(arn => arn.Contains(":sqs:", StringComparison.Ordinal)))
        {
            queues.Resources.Add(arn);
        }

        return [logs, trace, network, letters, queues, .. scope.Key is null ? (PolicyStatement[])[] : [Key(scope.Key)]];
    }

    /// <summary>For an environment that is encrypted with a key of one's own.</summary>
    public static PolicyStatement Key(string arn)
    {
        var key = new PolicyStatement("Key", ["kms:Decrypt"], null, "the environment is encrypted with this key");
        key.Resources.Add(arn);
        return key;
    }

    private void Add(string route, RouteAction action, JsonNode source)
    {
        switch (action)
        {
            case RunCommandAction command:
                AddCommand(route, command.Settings);
                break;
            case RunAutomationAction automation:
                Allow(route, "StartAutomation", ["ssm:StartAutomationExecution"], scope.Arns("ssm", table.Allow.Regions, $"automation-definition/{automation.Document}:*"), null, "the automations that routes name");
                if (automation.Waits)
                {
                    Allow(route, "WatchAutomation", ["ssm:GetAutomationExecution"], scope.Arns("ssm", table.Allow.Regions, "automation-execution/*"), null, "their ends; an execution's id is not known before");
                }

                AddRole(route, automation.Reach);
                break;
            case TagAction tag:
                AddTag(route, tag.Settings, source);
                break;
            case CallAction { NeedsOnceTable: true }:
                AddTable(route);
                break;
        }
    }

    private void AddCommand(string route, RunCommandSettings settings)
    {
        var document = settings.DocumentName;
        var documents = document.StartsWith("arn:", StringComparison.Ordinal) ? [document]
            : document.StartsWith("AWS-", StringComparison.Ordinal) ? scope.ArnsWithoutAccount("ssm", table.Allow.Regions, $"document/{document}")
            : scope.Arns("ssm", table.Allow.Regions, $"document/{document}");
        Allow(route, "SendCommandDocuments", ["ssm:SendCommand"], documents, null, "the documents that routes name, on whatever servers the other statements allow");
        AddServers(route, settings);
        Allow(route, "ListCommands", ["ssm:ListCommands"], ["*"], null, "finding a command whose answer was lost, and tags that no server has; cannot be narrowed");
        if (settings.Wait is { } wait)
        {
            Allow(route, "WatchCommands", wait.Cancel ? ["ssm:ListCommandInvocations", "ssm:CancelCommand"] : ["ssm:ListCommandInvocations"], ["*"], null, "the results that routes wait for; cannot be narrowed");
        }

        if (settings.Offline != WhenOffline.NotAsked)
        {
            Allow(route, "LookAtAgents", ["ssm:DescribeInstanceInformation"], ["*"], null, "'offline'; cannot be narrowed");
        }

        if (settings.Targets.Resolve is not null || (table.Allow.InstanceTags.Count > 0 && !settings.Targets.ByTag))
        {
            AddDescribeInstances(route);
        }

        if (settings.Once.IsPerEvent)
        {
            AddTable(route);
        }

        AddRole(route, settings.Reach);
    }

    /// <summary>Instances by their tags: those that the targets name, else those of allow.instanceTags, else nobody says which.</summary>
    private void AddServers(string route, RunCommandSettings settings)
    {
        var named = settings.Targets.LiteralTags.ToList();
        var all = named.Count > 0 ? [named] : table.Allow.InstanceTags.Select(tag => new List<(string Key, IReadOnlyList<string> Values)> { (tag.Key, tag.Values) }).ToList();
        if (all.Count == 0)
        {
            _problems.Add($"route '{route}': its servers are named by the event or by a group, so they could be any; allow.instanceTags must say which");
        }

        foreach (var tags in all)
        {
            var condition = new JsonObject { ["StringLike"] = new JsonObject(tags.Select(tag => KeyValuePair.Create($"ssm:resourceTag/{tag.Key}", (JsonNode?)PolicyStatement.Strings(tag.Values)))) };
            Allow(
                route,
                "SendCommandTo" + Letters().Replace(string.Concat(tags.Select(tag => tag.Key + string.Concat(tag.Values))), ""),
                ["ssm:SendCommand"],
                [.. scope.Arns("ec2", table.Allow.Regions, "instance/*"), .. scope.Arns("ssm", table.Allow.Regions, "managed-instance/*")],
                condition,
                "the servers with these tags");
        }
    }

    private void AddTag(string route, TagSettings settings, JsonNode source)
    {
        var calls = (source["when"]?["detail"]?["eventName"] as JsonArray)?.OfType<JsonValue>().Select(value => value.GetValueKind() == System.Text.Json.JsonValueKind.String ? value.GetValue<string>() : "").ToList() ?? [];
        var types = TaggedTypes.Of(calls.Contains("") ? [] : calls).Where(type => type != "volume" || settings.Volumes || calls is not ["RunInstances"]).ToList();
        var keys = settings.Tags.ConvertAll(tag => tag.Key);
        var condition = new JsonObject
        {
            ["ForAllValues:StringEquals"] = new JsonObject { ["aws:TagKeys"] = PolicyStatement.Strings(keys) },
            ["Null"] = new JsonObject { ["aws:TagKeys"] = "false" },
        };
        var resources = types.SelectMany(type => scope.Arns("ec2", table.Allow.Regions, $"{type}/*"))
            .Concat(types.Where(type => type is "image" or "snapshot").SelectMany(type => scope.ArnsWithoutAccount("ec2", table.Allow.Regions, $"{type}/*")));
        Allow(route, "Tag" + Letters().Replace(string.Concat(keys), ""), ["ec2:CreateTags"], resources, condition, "these keys, on what the calls that the route takes create");
        if (!settings.Overwrite)
        {
            Allow(route, "DescribeTags", ["ec2:DescribeTags"], ["*"], null, "tags that are there are left; cannot be narrowed");
        }

        if (settings.Volumes && (calls.Count == 0 || calls.Contains("RunInstances") || calls.Contains("CreateFleet")))
        {
            AddDescribeInstances(route);
        }

        if (settings.Inherits)
        {
            Allow(route, "DescribeGroupTags", ["autoscaling:DescribeTags"], ["*"], null, "the owner of an Auto Scaling group; cannot be narrowed");
        }

        AddRole(route, settings.Reach);
    }

    private void AddDescribeInstances(string route) => Allow(route, "DescribeInstances", ["ec2:DescribeInstances"], ["*"], null, "finding servers, and their tags; cannot be narrowed");

    private void AddTable(string route) => Allow(
        route,
        "ActOnce",
        ["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:DeleteItem"],
        [scope.Arn("dynamodb", scope.Region, $"table/{scope.Table}")],
        null,
        "the act-once table");

    private void AddRole(string route, AwsReach reach)
    {
        if (reach.Role is { } role)
        {
            var arns = role.Arn.Literal is { } arn ? [arn] : table.Allow.Roles.Count > 0 ? table.Allow.Roles : table.Allow.Accounts.Select(account => $"arn:{scope.Partition}:iam::{account}:role/*");
            Allow(route, "AssumeRole", ["sts:AssumeRole"], arns, null, "roles that routes name; one whose account an event names is narrowed by allow.roles");
        }
    }

    /// <summary>What those are called with who wait for a route's end, and what refuses replays.</summary>
    private void AddCallbacks(Route route)
    {
        if (route.Auth is { NeedsOnceTable: true })
        {
            AddTable(route.Name);
        }

        if (route.Lifecycle is not null)
        {
            Allow(route.Name, "CompleteLifecycle", ["autoscaling:CompleteLifecycleAction"], scope.Arns("autoscaling", table.Allow.Regions, "autoScalingGroup:*:autoScalingGroupName/*"), null, "lifecycle hooks; which group's, the event says");
        }

        if (route.From.Contains("codepipeline"))
        {
            Allow(route.Name, "EndJobs", ["codepipeline:PutJobSuccessResult", "codepipeline:PutJobFailureResult"], ["*"], null, "the jobs of pipelines; cannot be narrowed");
        }

        if (route.From.Contains("config"))
        {
            Allow(route.Name, "Evaluate", ["config:PutEvaluations"], ["*"], null, "what rules of AWS Config found; cannot be narrowed");
        }
    }

    private void AddParameters(string route, string text)
    {
        foreach (Match match in Parameters().Matches(text))
        {
            Allow(route, "ReadParameters", ["ssm:GetParameter"], [scope.Arn("ssm", scope.Region, "parameter/" + match.Groups[1].Value.TrimStart('/'))], null, "parameters that values name");
        }
    }

    private void Allow(string route, string sid, IReadOnlyList<string> actions, IEnumerable<string> resources, JsonObject? condition, string why)
    {
        var statement = _statements.Find(known => known.Sid == sid && JsonNode.DeepEquals(known.Condition, condition) && known.Actions.SequenceEqual(actions));
        if (statement is null)
        {
            var number = _statements.Count(known => known.Sid == sid || known.Sid.StartsWith(sid + "No", StringComparison.Ordinal));
            statement = new(number == 0 ? sid : $"{sid}No{number + 1}", actions, condition, why);
            _statements.Add(statement);
        }

        statement.Resources.UnionWith(resources);
        statement.Routes.Add(route);
    }

    [GeneratedRegex("[^A-Za-z0-9]")]
    private static partial Regex Letters();

    [GeneratedRegex(@"\$\{ssm:([A-Za-z0-9._/-]+)")]
    private static partial Regex Parameters();
}
