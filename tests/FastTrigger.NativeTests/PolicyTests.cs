using FastTrigger.Cli.LocalAws;

namespace FastTrigger.NativeTests;

/// <summary>fasttrigger policy, checked against every call of the demos.</summary>
public sealed class PolicyTests : IDisposable
{
    private const string Account = "123456789012", Region = "us-east-1";

    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-policy-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Demos => ["build/demo", "build/demo/actions"];

    [Theory]
    [MemberData(nameof(Demos))]
    public async Task Every_call_of_the_demos_is_allowed_and_every_statement_is_needed(string folder)
    {
        var routes = Path.Combine(folder, "routes.json");
        var policy = await PolicyAsync(routes);
        var requests = new List<IamRequest>();
        var statements = policy["Statement"]!.AsArray();
        var events = Directory.GetFiles(Path.Combine(Artifacts.Root, folder), "*.json")
            .Where(file => Path.GetFileName(file) is not ("routes.json" or "world.json" or "throttled.json" or "lost-answer.json"));
        foreach (var file in events)
        {
            var (_, output, error) = await Artifacts.RunToolAsync(["run", file, "--routes", routes, "--json"]);
            Assert.True(output.Length > 0, error);
            requests.AddRange(Requests(JsonNode.Parse(output)!));
        }

        Assert.InRange(requests.Count, 8, 1_000);
        // Without any one statement of the routes, some call is denied. The statements of the platform allow no call of the demos.
        string[] platform = ["Logs", "Trace", "Network", "DeadLetters", "Queues"];
        var own = statements.Where(statement => !platform.Contains(statement.Text("Sid"))).ToList();
        var less = own.Select(statement =>
        {
            var rest = policy.DeepClone();
            rest["Statement"] = new JsonArray([.. statements.Where(other => other != statement).Select(other => other!.DeepClone())]);
            return rest;
        });
        var decided = await IamSimulation.DecideAsync([policy, .. less], requests);
        for (var i = 0; i < requests.Count; i++)
        {
            Assert.True(decided[0][i], $"{requests[i].Action} on {requests[i].Resource} is denied");
        }

        for (var i = 0; i < own.Count; i++)
        {
            Assert.True(decided[i + 1].Contains(false), $"nothing needs {own[i]!["Sid"]}");
        }

        Assert.Equal(platform, statements.TakeLast(5).Select(statement => statement.Text("Sid")));
    }

    [Fact]
    public async Task Calls_of_no_route_are_denied()
    {
        var policy = await PolicyAsync("build/demo/routes.json");
        var pump = new Dictionary<string, string[]> { ["ssm:resourceTag/Role"] = ["pump-controller"] };
        var gate = new Dictionary<string, string[]> { ["ssm:resourceTag/Role"] = ["gate"] };
        (IamRequest Request, bool IsAllowed)[] expected =
        [
            (Send($"arn:aws:ec2:{Region}:{Account}:instance/i-1", pump), true),
            (Send($"arn:aws:ec2:{Region}:{Account}:instance/i-1", gate), false),
            (Send($"arn:aws:ec2:eu-west-1:{Account}:instance/i-1", pump), false),
            (Send($"arn:aws:ssm:{Region}::document/AWS-RunPowerShellScript", new()), false),
            (Tag("instance", "Cost"), false),
            (Tag("instance"), false),
            (Tag("vpc", "Owner"), false),
            (Tag("volume", "Owner"), true),
            (new("iam:PassRole", $"arn:aws:iam::{Account}:role/x", new Dictionary<string, string[]>()), false),
        ];
        var decided = await IamSimulation.DecideAsync([policy], [.. expected.Select(one => one.Request)]);
        Assert.Equal(expected.Select(one => one.IsAllowed), decided[0]);
    }

    [Fact]
    public async Task Servers_that_an_event_may_choose_must_be_limited_by_a_tag_C6_2()
    {
        var file = Path.Combine(_folder, "routes.json");
        await File.WriteAllTextAsync(
            file,
            """
            {
              "routes": [{
                "name": "any",
                "when": {"x": ["y"]},
                "do": [{"run-command": {"targets": {"instanceIds": ["${event.detail.id}"]}, "commands": ["true"]}}]
              }]
            }
            """,
            Artifacts.Token);
        var (exitCode, output, error) = await Artifacts.RunToolAsync(["policy", "--routes", file]);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains(
            "route 'any': its servers are named by the event or by a group, so they could be any; allow.instanceTags must say which",
            error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Owner_tags_can_be_protected_from_other_principals()
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

            var request = new IamRequest(action, $"arn:aws:ec2:{Region}:{Account}:instance/i-1", context);
            Assert.Equal(allowed, await IamSimulation.AllowsAsync(deny, request));
        }
    }

    [Fact]
    public async Task Each_statement_says_which_route_needs_it()
    {
        var (_, output, _) = await Artifacts.RunToolAsync(["policy", "--routes", "build/demo/actions/routes.json", "--explain"]);
        Assert.Contains("StartAutomation: ssm:StartAutomationExecution\n  for restart-line: ", output, StringComparison.Ordinal);
        Assert.Contains("ReadParameters: ssm:GetParameter\n  for drain-their-tank, tell-control-room: ", output, StringComparison.Ordinal);
    }

    /// <summary>The tags of the targets allow a stop, and those of `skip` forbid it.</summary>
    [Fact]
    public async Task A_stop_is_allowed_for_instances_with_the_tags_and_without_those_that_protect()
    {
        var policy = await PolicyAsync("src/FastTrigger.Cli/Recipes/office-hours/routes.json");
        (string Operation, string Tags, bool IsAllowed)[] expected =
        [
            ("StopInstances", "Schedule=office-hours", true),
            ("StopInstances", "Schedule=office-hours Protected=x", false),
            ("StopInstances", "Schedule=always", false),
            ("StopInstances", "", false),
            ("StartInstances", "Schedule=office-hours Protected=x", true),
            ("TerminateInstances", "Schedule=office-hours", false),
        ];
        IamRequest[] requests =
        [
            .. expected.Select(one => new IamRequest(
                $"ec2:{one.Operation}",
                $"arn:aws:ec2:{Region}:{Account}:instance/i-1",
                TagContext(
                    one.Tags.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                        .ToDictionary(static tag => tag.Split('=')[0], static tag => tag.Split('=')[1]),
                    "ec2:ResourceTag/"))),
        ];
        var decided = await IamSimulation.DecideAsync([policy], [.. requests]);
        Assert.Equal(expected.Select(static one => one.IsAllowed), decided[0]);
    }

    private static IamRequest Tag(string type, params string[] keys)
    {
        var context = new Dictionary<string, string[]>();
        if (keys.Length > 0)
        {
            context["aws:TagKeys"] = keys;
        }

        return new("ec2:CreateTags", $"arn:aws:ec2:{Region}:{Account}:{type}/x", context);
    }

    private static IamRequest Send(string resource, Dictionary<string, string[]> context) => new("ssm:SendCommand", resource, context);

    private static async Task<JsonNode> PolicyAsync(string routes, params string[] arguments)
    {
        string[] function = ["--region", Region, "--account", Account];
        var (exitCode, output, error) = await Artifacts.RunToolAsync(["policy", "--routes", routes, .. function, .. arguments]);
        Assert.True(exitCode == 0, error);
        return JsonNode.Parse(output)!;
    }

    /// <summary>The requests to IAM for the calls of a run, in the function's own account.</summary>
    private static List<IamRequest> Requests(JsonNode report)
    {
        var tags = report.List("instances").ToDictionary(
            instance => instance.Text("id"),
            instance => instance!["tags"]!.AsObject().ToDictionary(tag => tag.Key, tag => tag.Value!.GetValue<string>()));
        var requests = new List<IamRequest>();
        foreach (var call in report["calls"]!.AsArray())
        {
            requests.AddRange(Requests(call!, tags));
            if (call!["operation"]!.GetValue<string>() == "AssumeRole")
            {
                // The later calls need permissions of the other account's role.
                break;
            }
        }

        return requests;
    }

    private static IEnumerable<IamRequest> Requests(JsonNode call, Dictionary<string, Dictionary<string, string>> tags)
    {
        var (service, operation, parameters) = (call.Text("service"), call.Text("operation"), call["parameters"]!);
        var action = $"{service}:{operation}";
        var none = new Dictionary<string, string[]>();
        switch (action)
        {
            case "ssm:SendCommand":
                var document = Text("DocumentName");
                var ids = parameters["InstanceIds"]?.AsArray().Select(id => id!.GetValue<string>())
                    ?? tags.Where(instance => parameters.List("Targets").All(target => Matches(instance.Value, target!)))
                        .Select(instance => instance.Key);
                var resource = document.StartsWith("AWS-", StringComparison.Ordinal)
                    ? $"arn:aws:ssm:{Region}::document/{document}"
                    : Arn("ssm", $"document/{document}");
                return [new(action, resource, none), .. ids.Select(id => new IamRequest(action, Instance(id), TagContext(tags[id])))];
            case "ssm:StartAutomationExecution":
                return [new(action, Arn("ssm", $"automation-definition/{Text("DocumentName")}:$DEFAULT"), none)];
            case "ssm:GetAutomationExecution":
                return [new(action, Arn("ssm", $"automation-execution/{Text("AutomationExecutionId")}"), none)];
            case "ssm:GetParameter":
                return [new(action, Arn("ssm", "parameter" + Text("Name")), none)];
            case "ec2:CreateTags":
                var keys = parameters.List("Tags").Select(tag => tag.Text("Key")).ToArray();
                var context = new Dictionary<string, string[]> { ["aws:TagKeys"] = keys };
                return parameters.List("Resources")
                    .Select(id => id!.GetValue<string>())
                    .Select(id => new IamRequest(action, Arn("ec2", $"{ResourceTypes.Of(id).Name}/{id}"), context));
            case "ec2:StartInstances" or "ec2:StopInstances" or "ec2:RebootInstances" or "ec2:TerminateInstances":
                return parameters.List("InstanceIds")
                    .Select(id => id!.GetValue<string>())
                    .Select(id => new IamRequest(action, Instance(id), TagContext(tags[id], "ec2:ResourceTag/")));
            case "sts:AssumeRole":
                return [new(action, Text("RoleArn"), none)];
            case "dynamodb:PutItem" or "dynamodb:GetItem" or "dynamodb:DeleteItem":
                return [new(action, Arn("dynamodb", $"table/{Text("TableName")}"), none)];
            default:
                return [new(action, "*", none)];
        }

        string Text(string name) => parameters[name]!.GetValue<string>();

        static string Arn(string service, string resource) => $"arn:aws:{service}:{Region}:{Account}:{resource}";

        static string Instance(string id) => Arn("ec2", $"instance/{id}");
    }

    private static bool Matches(Dictionary<string, string> tags, JsonNode target) =>
        tags.TryGetValue(target.Text("Key")["tag:".Length..], out var value)
        && target.List("Values").Any(expected => expected!.GetValue<string>() == value);

    private static Dictionary<string, string[]> TagContext(Dictionary<string, string> tags, string key = "ssm:resourceTag/") =>
        tags.ToDictionary(tag => key + tag.Key, tag => new[] { tag.Value });
}
