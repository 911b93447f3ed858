using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FastTrigger.Actions.Tagging;
using FastTrigger.Aws.AutoScaling;
using FastTrigger.Aws.CodePipeline;
using FastTrigger.Aws.Config;
using FastTrigger.Aws.DynamoDb;
using FastTrigger.Aws.Ec2;
using FastTrigger.Aws.Ssm;
using FastTrigger.Aws.Sts;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Aws;

/// <summary>
/// Requests held against AWS's own models of its services, as the AWS CLI carries them: the client and the local AWS are both ours, and could
/// agree on a name that AWS does not know.
/// </summary>
public sealed class ServiceModelTests
{
    private const string Id = "i-0123456789abcdef0";

    [Fact]
    public async Task Requests_to_Systems_Manager_are_those_of_its_model()
    {
        await using var aws = await AwsFixture.StartAsync(new WorldFile
        {
            Instances = [new() { Id = Id, Tags = new Dictionary<string, string> { ["Role"] = "pump" } }],
            Documents = [new() { Name = "Plant-Restart", Parameters = ["Valve", "Ids"] }],
            Parameters = new Dictionary<string, string> { ["/plant/key"] = "secret" },
        });
        var command = new SendCommandRequest
        {
            DocumentName = "AWS-RunShellScript",
            DocumentVersion = "$LATEST",
            DocumentHash = new string('a', 64),
            Targets = [("tag:Role", ["pump"])],
            Parameters = [("commands", ["true"]), ("executionTimeout", ["60"]), ("workingDirectory", ["/tmp"])],
            Comment = "comment",
            MaxConcurrency = "50%",
            MaxErrors = "0",
            DeliveryTimeoutSeconds = 60,
            OutputS3BucketName = "plant-output",
            OutputS3KeyPrefix = "valves/",
            CloudWatchLogGroup = "/plant/commands",
            ServiceRoleArn = "arn:aws:iam::123456789012:role/notify",
            Notification = new("arn:aws:sns:us-east-1:123456789012:commands", ["Failed", "TimedOut"], "Invocation"),
            Alarm = new("plant-alarm", IgnorePollFailure: true),
        };
        Assert.Null(aws.Ssm.SendCommand(command, Exchange.Soon, out var id));
        Assert.Null(aws.Ssm.SendCommand(command with { Targets = [], InstanceIds = [Id] }, Exchange.Soon, out _));
        Assert.Null(aws.Ssm.ListCommands(id, [], Exchange.Soon));
        aws.World.PageSize = 1;
        Assert.Null(aws.Ssm.ListCommands("AWS-RunShellScript", DateTimeOffset.UtcNow.AddMinutes(-5).ToUnixTimeMilliseconds(), [], Exchange.Soon));
        Assert.Null(aws.Ssm.ListCommandInvocations(id, [], Exchange.Soon));
        Assert.Null(aws.Ssm.DescribeInstanceInformation([Id], [], Exchange.Soon));
        Assert.Null(aws.Ssm.CancelCommand(id, Exchange.Soon));
        Assert.Null(aws.Shared.Parameters.Get(aws.Client, aws.Shared.Settings.Clock, "us-east-1", "/plant/key", Exchange.Soon, out _));
        var automation = new AutomationClient(aws.Client, "us-east-1");
        var start = new StartAutomationRequest
        {
            DocumentName = "Plant-Restart",
            DocumentVersion = "1",
            Parameters = [("Valve", ["V-17"])],
            ClientToken = "01234567-89ab-8def-8123-456789abcdef",
            TargetParameterName = "Ids",
            Targets = [("tag:Role", ["pump"])],
            MaxConcurrency = "1",
            MaxErrors = "0",
        };
        Assert.Null(automation.StartAutomationExecution(start, Exchange.Soon, out var execution));
        Assert.Null(automation.GetAutomationExecution(execution, Exchange.Soon, out _));

        var model = Model("ssm", "2014-11-06");
        Assert.Contains(aws.World.Calls, call => call.Parameters["NextToken"] is not null);
        CheckAll(aws, model, "1.1", "AmazonSSM");
    }

    [Fact]
    public async Task Requests_to_DynamoDB_are_those_of_its_model()
    {
        await using var aws = await AwsFixture.StartAsync(new WorldFile { Tables = ["once"] });
        var table = new DynamoDbClient(aws.Client, "us-east-1");
        var condition = new Condition("attribute_not_exists(id) OR (#s = :s AND expiration < :n)", [("#s", "status")], [new(":s", "S", "INPROGRESS"), new(":n", "N", "12")]);
        Assert.Null(table.PutItem("once", [new("id", "S", "a"), new("expiration", "N", "13"), new("status", "S", "INPROGRESS")], condition, Exchange.Soon));
        Assert.Equal(DynamoDbClient.ConditionFailed, table.PutItem("once", [new("id", "S", "a")], condition, Exchange.Soon)!.Code);
        Assert.Null(table.GetItem("once", "a", Exchange.Soon, out var item));
        Assert.Equal(("13", "INPROGRESS"), (DynamoDbClient.Text(item, "expiration"u8), DynamoDbClient.Text(item, "status"u8)));
        Assert.Null(table.DeleteItem("once", "a", new("#s = :s", [("#s", "status")], [new(":s", "S", "INPROGRESS")]), Exchange.Soon));
        Assert.Null(table.GetItem("once", "a", Exchange.Soon, out item));
        Assert.Equal(JsonValueKind.Undefined, item.ValueKind);
        CheckAll(aws, Model("dynamodb", "2012-08-10"), "1.0", "DynamoDB_20120810");
    }

    [Fact]
    public async Task Requests_to_STS_and_Auto_Scaling_are_those_of_their_models()
    {
        foreach (var (service, version, call) in (IEnumerable<(string, string, Func<FastTrigger.Aws.AwsClient, FastTrigger.Aws.AwsFailure?>)>)[
            ("sts", "2011-06-15", client => new StsClient(client, "us-east-1").AssumeRole(new("arn:aws:iam::210987654321:role/plant", "fasttrigger", "external", [("Plant", "north")]), Exchange.Soon, out _)),
            ("autoscaling", "2011-01-01", client => new AutoScalingClient(client, "us-east-1").CompleteLifecycleAction("pumps", "provision", "87654321-4321-4321-4321-210987654321", "CONTINUE", Exchange.Soon)),
            ("autoscaling", "2011-01-01", client => new AutoScalingClient(client, "us-east-1").DescribeTag("pumps", "Owner", Exchange.Soon, out _))])
        {
            var body = Assert.Single(await BodiesAsync(client => call(client)));
            var fields = body.Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
            var model = Model(service, version);
            Assert.Equal(version, fields["Version"]);
            var input = model["operations"]![fields["Action"]]!["input"]!["shape"]!.GetValue<string>();
            foreach (var name in fields.Keys.Where(name => name is not ("Action" or "Version")))
            {
                CheckQueryName(model, input, name, ofEc2: false);
            }
        }
    }

    [Fact]
    public async Task Requests_to_CodePipeline_and_Config_are_those_of_their_models()
    {
        await using var pipeline = await AwsFixture.StartAsync();
        var jobs = new CodePipelineClient(pipeline.Client, "us-east-1");
        Assert.Null(jobs.PutJobSuccessResult("11111111-abcd-1111-abcd-111111abcdef", Exchange.Soon));
        Assert.Null(jobs.PutJobFailureResult("22222222-abcd-1111-abcd-111111abcdef", "why", "request-1", Exchange.Soon));
        CheckAll(pipeline, Model("codepipeline", "2015-07-09"), "1.1", "CodePipeline_20150709");
        await using var config = await AwsFixture.StartAsync();
        Assert.Null(new ConfigClient(config.Client, "us-east-1").PutEvaluations(new("AWS::EC2::Instance", Id, "NON_COMPLIANT", "why", 1_795_185_121_262), "token", Exchange.Soon));
        CheckAll(config, Model("config", "2014-11-12"), "1.1", "StarlingDoveService");
    }

    [Fact]
    public void What_calls_create_stands_where_EC2s_model_has_it()
    {
        var model = Model("ec2", "2016-11-15");
        Assert.InRange(CreatingCalls.All.Count, 25, 1_000);
        foreach (var (call, paths) in CreatingCalls.All)
        {
            foreach (var path in paths)
            {
                var shape = model["operations"]![call]!["output"]!["shape"]!.GetValue<string>();
                foreach (var step in path.Split('.'))
                {
                    var members = model["shapes"]![shape]!["members"]!.AsObject();
                    // CloudTrail writes names as EC2's XML does, with a small letter at the beginning.
                    var member = members.SingleOrDefault(member => (member.Value!["locationName"]?.GetValue<string>() ?? member.Key) == step.TrimEnd('[', ']')).Value;
                    Assert.True(member is not null, $"{call}: {shape} has no {step}");
                    shape = member["shape"]!.GetValue<string>();
                    Assert.Equal(step.EndsWith(']'), model["shapes"]![shape]!["type"]!.GetValue<string>() == "list");
                    shape = step.EndsWith(']') ? model["shapes"]![shape]!["member"]!["shape"]!.GetValue<string>() : shape;
                }

                Assert.Equal("string", model["shapes"]![shape]!["type"]!.GetValue<string>());
            }
        }
    }

    [Fact]
    public async Task Requests_to_EC2_are_those_of_its_model()
    {
        var model = Model("ec2", "2016-11-15");
        Assert.Equal("2016-11-15", model["metadata"]!["apiVersion"]!.GetValue<string>());
        var bodies = await BodiesAsync(client =>
        {
            var ec2 = new Ec2Client(client, "us-east-1");
            _ = ec2.CreateTags([Id], [new("a", "b")], Exchange.Soon);
            _ = ec2.DescribeTags([Id], ["a"], [], Exchange.Soon);
            return ec2.DescribeInstances([new("tag:a", ["b"])], [Id], [], Exchange.Soon);
        });
        Assert.Equal(3, bodies.Count);
        foreach (var body in bodies)
        {
            var fields = body.Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
            var input = model["operations"]![fields["Action"]]!["input"]!["shape"]!.GetValue<string>();
            foreach (var name in fields.Keys.Where(name => name is not ("Action" or "Version")))
            {
                CheckQueryName(model, input, name, ofEc2: true);
            }
        }
    }

    /// <summary>What these calls send to a server that answers next to nothing.</summary>
    private static async Task<List<string>> BodiesAsync(Func<FastTrigger.Aws.AwsClient, FastTrigger.Aws.AwsFailure?> calls)
    {
        var bodies = new List<string>();
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            while (await SocketServer.ReadRequestAsync(stream, token) is { } request)
            {
                bodies.Add(request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<ok/>"u8.ToArray(), token);
            }
        });
        using var client = new FastTrigger.Aws.AwsClient(new(TestEnvironment.Settings(("AWS_ENDPOINT_URL", $"http://127.0.0.1:{server.Port}"))));
        calls(client);
        return bodies;
    }

    private static void CheckAll(AwsFixture aws, JsonNode model, string version, string prefix)
    {
        Assert.Equal((version, prefix), (model["metadata"]!["jsonVersion"]!.GetValue<string>(), model["metadata"]!["targetPrefix"]!.GetValue<string>()));
        foreach (var call in aws.World.Calls)
        {
            Check(model, model["operations"]![call.Operation]!["input"]!["shape"]!.GetValue<string>(), call.Parameters, call.Operation);
        }
    }

    /// <summary>Follows a name such as Filter.1.Value.2 through the model's shapes; EC2 uses queryName, else locationName with a capital.</summary>
    private static void CheckQueryName(JsonNode model, string shape, string name, bool ofEc2)
    {
        foreach (var part in name.Split('.'))
        {
            var described = model["shapes"]![shape]!;
            // Only EC2 leaves out the word between a list and its numbers.
            if (!ofEc2 && part == "member" && described["type"]!.GetValue<string>() == "list")
            {
                continue;
            }

            if (int.TryParse(part, out _))
            {
                Assert.Equal("list", described["type"]!.GetValue<string>());
                shape = described["member"]!["shape"]!.GetValue<string>();
                continue;
            }

            Assert.Equal("structure", described["type"]!.GetValue<string>());
            var member = described["members"]!.AsObject().SingleOrDefault(member => (ofEc2 ? QueryName(member.Key, member.Value!) : member.Key) == part).Value;
            Assert.True(member is not null, $"{shape} has no {part} ({name})");
            shape = member["shape"]!.GetValue<string>();
        }
    }

    private static string QueryName(string name, JsonNode member)
    {
        var given = member["queryName"]?.GetValue<string>() ?? member["locationName"]?.GetValue<string>() ?? name;
        return char.ToUpperInvariant(given[0]) + given[1..];
    }

    private static void Check(JsonNode model, string shape, JsonNode value, string path)
    {
        var described = model["shapes"]![shape]!;
        switch (described["type"]!.GetValue<string>())
        {
            case "structure":
                foreach (var required in described["required"]?.AsArray() ?? [])
                {
                    Assert.True(value[required!.GetValue<string>()] is not null, $"{path}.{required} is required");
                }

                foreach (var (name, inner) in value.AsObject())
                {
                    Assert.True(described["members"]![name] is not null, $"{path} has no {name}");
                    Check(model, described["members"]![name]!["shape"]!.GetValue<string>(), inner!, $"{path}.{name}");
                }

                break;
            case "list":
                CheckRange(described, value.AsArray().Count, path);
                foreach (var inner in value.AsArray())
                {
                    Check(model, described["member"]!["shape"]!.GetValue<string>(), inner!, path + "[]");
                }

                break;
            case "map":
                foreach (var (name, inner) in value.AsObject())
                {
                    Check(model, described["value"]!["shape"]!.GetValue<string>(), inner!, $"{path}.{name}");
                }

                break;
            case "string":
                var text = value.GetValue<string>();
                CheckRange(described, text.Length, path);
                Assert.True(described["pattern"] is not { } pattern || Regex.IsMatch(text, pattern.GetValue<string>()), $"{path} '{text}' does not match {described["pattern"]}");
                Assert.True(described["enum"] is not { } values || values.AsArray().Any(allowed => allowed!.GetValue<string>() == text), $"{path} '{text}' is none of {described["enum"]}");
                break;
            case "timestamp":
                // Seconds, which is what JSON 1.1 has for one.
                Assert.InRange(value.GetValue<double>(), 1e9, 1e10);
                break;
            case "boolean":
                _ = value.GetValue<bool>();
                break;
            case "integer":
                CheckRange(described, value.GetValue<int>(), path);
                break;
            case var type:
                Assert.Fail($"{path}: a value of type {type} was not expected");
                break;
        }
    }

    private static void CheckRange(JsonNode described, int size, string path)
    {
        Assert.True(size >= (described["min"]?.GetValue<int>() ?? 0), $"{path} is under {described["min"]}");
        Assert.True(size <= (described["max"]?.GetValue<int>() ?? int.MaxValue), $"{path} is over {described["max"]}");
    }

    private static JsonNode Model(string service, string version)
    {
        string[] places = ["/usr/lib/python3/dist-packages/awscli/botocore/data", "/usr/lib/python3/dist-packages/botocore/data"];
        var file = places.Select(place => Path.Combine(place, service, version, "service-2.json")).FirstOrDefault(File.Exists);
        Assert.True(file is not null, "the AWS CLI's service models are missing: ./bootstrap.sh test installs it");
        return JsonNode.Parse(File.ReadAllText(file))!;
    }
}
