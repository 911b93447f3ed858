using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FastTrigger.Aws.Ec2;
using FastTrigger.Aws.Ssm;
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
        await using var aws = await AwsFixture.StartAsync(new WorldInstance { Id = Id, Tags = new Dictionary<string, string> { ["Role"] = "pump" } });
        var command = new SendCommandRequest
        {
            DocumentName = "AWS-RunShellScript",
            DocumentVersion = "$LATEST",
            Targets = [("tag:Role", ["pump"])],
            Parameters = [("commands", "true"), ("executionTimeout", "60"), ("workingDirectory", "/tmp")],
            Comment = "comment",
            MaxConcurrency = "50%",
            MaxErrors = "0",
            DeliveryTimeoutSeconds = 60,
        };
        Assert.Null(aws.Ssm.SendCommand(command, Exchange.Soon, out var id));
        Assert.Null(aws.Ssm.SendCommand(command with { Targets = [], InstanceIds = [Id] }, Exchange.Soon, out _));
        Assert.Null(aws.Ssm.ListCommands(id, [], Exchange.Soon));
        aws.World.PageSize = 1;
        Assert.Null(aws.Ssm.ListCommands("AWS-RunShellScript", DateTimeOffset.UtcNow.AddMinutes(-5).ToUnixTimeMilliseconds(), [], Exchange.Soon));
        Assert.Null(aws.Ssm.GetCommandInvocation(id, Id, Exchange.Soon, out _));

        var model = Model("ssm", "2014-11-06");
        Assert.Equal(("1.1", "AmazonSSM"), (model["metadata"]!["jsonVersion"]!.GetValue<string>(), model["metadata"]!["targetPrefix"]!.GetValue<string>()));
        Assert.Contains(aws.World.Calls, call => call.Parameters["NextToken"] is not null);
        foreach (var call in aws.World.Calls)
        {
            Check(model, model["operations"]![call.Operation]!["input"]!["shape"]!.GetValue<string>(), call.Parameters, call.Operation);
        }
    }

    [Fact]
    public async Task Requests_to_EC2_are_those_of_its_model()
    {
        var model = Model("ec2", "2016-11-15");
        Assert.Equal("2016-11-15", model["metadata"]!["apiVersion"]!.GetValue<string>());
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
        var ec2 = new Ec2Client(client, "us-east-1");
        Assert.Null(ec2.CreateTags([Id], [new("a", "b")], Exchange.Soon));
        Assert.Null(ec2.DescribeTags([Id], ["a"], [], Exchange.Soon));
        Assert.Null(ec2.DescribeInstances([new("tag:a", ["b"])], [Id], [], Exchange.Soon));
        foreach (var body in bodies)
        {
            var fields = body.Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
            var input = model["operations"]![fields["Action"]]!["input"]!["shape"]!.GetValue<string>();
            foreach (var name in fields.Keys.Where(name => name is not ("Action" or "Version")))
            {
                CheckQueryName(model, input, name);
            }
        }
    }

    /// <summary>Follows a name such as Filter.1.Value.2 through the model's shapes; EC2 uses queryName, else locationName with a capital.</summary>
    private static void CheckQueryName(JsonNode model, string shape, string name)
    {
        foreach (var part in name.Split('.'))
        {
            var described = model["shapes"]![shape]!;
            if (int.TryParse(part, out _))
            {
                Assert.Equal("list", described["type"]!.GetValue<string>());
                shape = described["member"]!["shape"]!.GetValue<string>();
                continue;
            }

            Assert.Equal("structure", described["type"]!.GetValue<string>());
            var member = described["members"]!.AsObject().SingleOrDefault(member => QueryName(member.Key, member.Value!) == part).Value;
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
