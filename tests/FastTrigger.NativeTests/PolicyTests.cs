using FastTrigger.Cli.LocalAws;

namespace FastTrigger.NativeTests;

/// <summary>fasttrigger policy, held against every call that the demos make.</summary>
public sealed class PolicyTests : IDisposable
{
    private const string Account = "123456789012", Region = "us-east-1";

    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-policy-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Demos => ["build/demo", "build/demo/actions"];

    [Theory]
    [MemberData(nameof(Demos))]
    public async Task Every_call_of_the_demos_is_allowed_and_no_statement_is_too_much(string folder)
    {
        var routes = Path.Combine(folder, "routes.json");
        var policy = await PolicyAsync(routes);
        var requests = new List<IamRequest>();
        var statements = policy["Statement"]!.AsArray();
        var events = Directory.GetFiles(Path.Combine(Artifacts.Root, folder), "*.json").Where(file => Path.GetFileName(file) is not ("routes.json" or "world.json" or "throttled.json" or "lost-answer.json"));
        foreach (var file in events)
        {
            var (_, output, error) = await Artifacts.RunAsync(Artifacts.Tool, ["run", file, "--routes", routes, "--json"]);
            Assert.True(output.Length > 0, error);
            requests.AddRange(Requests(JsonNode.Parse(output)!));
        }

        Assert.InRange(requests.Count, 8, 1_000);
        Assert.All(requests, request => Assert.True(IamSimulation.Allows(policy, request), $"{request.Action} on {request.Resource} is denied"));
        // Without any one statement of the routes some call is denied; what the platform needs makes no call that is seen here.
        foreach (var statement in statements.Where(statement => statement!["Sid"]!.GetValue<string>() is not ("Logs" or "Trace" or "Network" or "DeadLetters" or "Queues")).ToList())
        {
            var less = policy.DeepClone();
            less["Statement"] = new JsonArray([.. statements.Where(other => other != statement).Select(other => other!.DeepClone())]);
            Assert.True(requests.Exists(request => !IamSimulation.Allows(less, request)), $"nothing needs {statement!["Sid"]}");
        }

        Assert.Equal(["Logs", "Trace", "Network", "DeadLetters", "Queues"], statements.TakeLast(5).Select(statement => statement!["Sid"]!.GetValue<string>()));
    }

    [Fact]
    public async Task What_no_route_does_is_denied()
    {
        var policy = await PolicyAsync("build/demo/routes.json");
        var pump = new Dictionary<string, string[]> { ["ssm:resourceTag/Role"] = ["pump-controller"] };
        Assert.True(IamSimulation.Allows(policy, new("ssm:SendCommand", $"arn:aws:ec2:{Region}:{Account}:instance/i-1", pump)));
        Assert.False(IamSimulation.Allows(policy, new("ssm:SendCommand", $"arn:aws:ec2:{Region}:{Account}:instance/i-1", new Dictionary<string, string[]> { ["ssm:resourceTag/Role"] = ["gate"] })));
        Assert.False(IamSimulation.Allows(policy, new("ssm:SendCommand", $"arn:aws:ec2:eu-west-1:{Account}:instance/i-1", pump)));
        Assert.False(IamSimulation.Allows(policy, new("ssm:SendCommand", $"arn:aws:ssm:{Region}::document/AWS-RunPowerShellScript", pump)));
        Assert.False(IamSimulation.Allows(policy, Tag("instance", "Cost")));
        Assert.False(IamSimulation.Allows(policy, Tag("instance")));
        Assert.False(IamSimulation.Allows(policy, Tag("vpc", "Owner")));
        Assert.True(IamSimulation.Allows(policy, Tag("volume", "Owner")));
        Assert.False(IamSimulation.Allows(policy, new("iam:PassRole", "*", new Dictionary<string, string[]>())));
    }

    [Fact]
    public async Task Servers_that_an_event_may_choose_must_be_limited_by_a_tag_C6_2()
    {
        var file = Path.Combine(_folder, "routes.json");
        await File.WriteAllTextAsync(file, """{"routes":[{"name":"any","when":{"x":["y"]},"do":[{"run-command":{"targets":{"instanceIds":["${event.detail.id}"]},"commands":["true"]}}]}]}""", TestContext.Current.CancellationToken);
        var (exitCode, output, error) = await Artifacts.RunAsync(Artifacts.Tool, ["policy", "--routes", file]);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("route 'any': its servers are named by the event or by a group, so they could be any; allow.instanceTags must say which", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Owner_tags_can_be_protected_from_everybody_else()
    {
        var deny = await PolicyAsync("build/demo/routes.json", "--protect");
        deny["Statement"]!.AsArray().Add((JsonNode)new JsonObject { ["Effect"] = "Allow", ["Action"] = "*", ["Resource"] = "*" });
        foreach (var (action, key, principal, allowed) in ((string, string?, string, bool)[])[
            ("ec2:CreateTags", "Owner", "role/Developer", false),
            ("ec2:CreateTags", "Name", "role/Developer", true),
            ("ec2:DeleteTags", "Owner", "user/bob", false),
            ("ec2:DeleteTags", null, "user/bob", false),
            ("ec2:DeleteTags", "Name", "user/bob", true),
            ("ec2:CreateTags", "Owner", "role/fasttrigger", true)])
        {
            var context = new Dictionary<string, string[]> { ["aws:PrincipalArn"] = [$"arn:aws:iam::{Account}:{principal}"] };
            if (key is not null)
            {
                context["aws:TagKeys"] = [key];
            }

            Assert.Equal(allowed, IamSimulation.Allows(deny, new(action, $"arn:aws:ec2:{Region}:{Account}:instance/i-1", context)));
        }
    }

    [Fact]
    public async Task Each_statement_says_which_route_needs_it()
    {
        var (_, output, _) = await Artifacts.RunAsync(Artifacts.Tool, ["policy", "--routes", "build/demo/actions/routes.json", "--explain"]);
        Assert.Contains("StartAutomation: ssm:StartAutomationExecution\n  for restart-line: ", output, StringComparison.Ordinal);
        Assert.Contains("ReadParameters: ssm:GetParameter\n  for drain-their-tank, tell-control-room: ", output, StringComparison.Ordinal);
    }

    private static IamRequest Tag(string type, params string[] keys) =>
        new("ec2:CreateTags", $"arn:aws:ec2:{Region}:{Account}:{type}/x", keys.Length == 0 ? new Dictionary<string, string[]>() : new Dictionary<string, string[]> { ["aws:TagKeys"] = keys });

    private static async Task<JsonNode> PolicyAsync(string routes, params string[] arguments)
    {
        var (exitCode, output, error) = await Artifacts.RunAsync(Artifacts.Tool, ["policy", "--routes", routes, "--region", Region, "--account", Account, .. arguments]);
        Assert.True(exitCode == 0, error);
        return JsonNode.Parse(output)!;
    }

    /// <summary>What IAM would be asked for the calls of a run, in the function's own account.</summary>
    private static List<IamRequest> Requests(JsonNode report)
    {
        var tags = report["instances"]!.AsArray().ToDictionary(instance => instance!["id"]!.GetValue<string>(), instance => instance!["tags"]!.AsObject().ToDictionary(tag => tag.Key, tag => tag.Value!.GetValue<string>()));
        var requests = new List<IamRequest>();
        foreach (var call in report["calls"]!.AsArray())
        {
            requests.AddRange(Requests(call!, tags));
            if (call!["operation"]!.GetValue<string>() == "AssumeRole")
            {
                // From here on it is the other account's role that is asked.
                break;
            }
        }

        return requests;
    }

    private static IEnumerable<IamRequest> Requests(JsonNode call, Dictionary<string, Dictionary<string, string>> tags)
    {
        var (service, operation, parameters) = (call["service"]!.GetValue<string>(), call["operation"]!.GetValue<string>(), call["parameters"]!);
        var action = $"{service}:{operation}";
        var none = new Dictionary<string, string[]>();
        switch (action)
        {
            case "ssm:SendCommand":
                var document = Text("DocumentName");
                var ids = parameters["InstanceIds"]?.AsArray().Select(id => id!.GetValue<string>())
                    ?? tags.Where(instance => parameters["Targets"]!.AsArray().All(target => instance.Value.TryGetValue(target!["Key"]!.GetValue<string>()[4..], out var value) && target["Values"]!.AsArray().Any(wanted => wanted!.GetValue<string>() == value))).Select(instance => instance.Key);
                return
                [
                    new(action, document.StartsWith("AWS-", StringComparison.Ordinal) ? $"arn:aws:ssm:{Region}::document/{document}" : Arn("ssm", $"document/{document}"), none),
                    .. ids.Select(id => new IamRequest(action, Arn("ec2", $"instance/{id}"), tags[id].ToDictionary(tag => $"ssm:resourceTag/{tag.Key}", tag => new[] { tag.Value }))),
                ];
            case "ssm:StartAutomationExecution":
                return [new(action, Arn("ssm", $"automation-definition/{Text("DocumentName")}:$DEFAULT"), none)];
            case "ssm:GetAutomationExecution":
                return [new(action, Arn("ssm", $"automation-execution/{Text("AutomationExecutionId")}"), none)];
            case "ssm:GetParameter":
                return [new(action, Arn("ssm", "parameter" + Text("Name")), none)];
            case "ec2:CreateTags":
                var keys = parameters["Tags"]!.AsArray().Select(tag => tag!["Key"]!.GetValue<string>()).ToArray();
                return parameters["Resources"]!.AsArray().Select(id => id!.GetValue<string>()).Select(id => new IamRequest(action, Arn("ec2", $"{ResourceTypes.Of(id).Name}/{id}"), new Dictionary<string, string[]> { ["aws:TagKeys"] = keys }));
            case "sts:AssumeRole":
                return [new(action, Text("RoleArn"), none)];
            case "dynamodb:PutItem" or "dynamodb:GetItem" or "dynamodb:DeleteItem":
                return [new(action, Arn("dynamodb", $"table/{Text("TableName")}"), none)];
            default:
                return [new(action, "*", none)];
        }

        string Text(string name) => parameters[name]!.GetValue<string>();

        static string Arn(string service, string resource) => $"arn:aws:{service}:{Region}:{Account}:{resource}";
    }
}
