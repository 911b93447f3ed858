using System.Text.Json.Nodes;
using FastTrigger.Actions.Tagging;
using FastTrigger.Aws;
using FastTrigger.Aws.AutoScaling;
using FastTrigger.Aws.Ec2;
using FastTrigger.Aws.Sts;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Aws;

/// <summary>Requests of the query protocol, and what is read from EC2's answers, have the names of the services' models.</summary>
public sealed class QueryServiceModelTests
{
    private const string Id = "i-0123456789abcdef0";

    [Fact]
    public async Task Requests_to_STS_are_those_of_its_model() =>
        await CheckAsync("sts", "2011-06-15", 1, client =>
        {
            var role = new AssumeRoleRequest("arn:aws:iam::210987654321:role/plant", "fasttrigger", "external", [("Plant", "north")]);
            _ = new StsClient(client, "us-east-1").AssumeRole(role, Exchange.Soon, out _);
        });

    [Fact]
    public async Task Requests_to_Auto_Scaling_are_those_of_its_model() =>
        await CheckAsync("autoscaling", "2011-01-01", 2, client =>
        {
            const string Token = "87654321-4321-4321-4321-210987654321";
            var scaling = new AutoScalingClient(client, "us-east-1");
            _ = scaling.CompleteLifecycleAction("pumps", "provision", Token, "CONTINUE", Exchange.Soon);
            _ = scaling.DescribeTag("pumps", "Owner", Exchange.Soon, out _);
        });

    [Fact]
    public async Task Requests_to_EC2_are_those_of_its_model() =>
        await CheckAsync("ec2", "2016-11-15", 3, client =>
        {
            var ec2 = new Ec2Client(client, "us-east-1");
            _ = ec2.CreateTags([Id], [new("a", "b")], Exchange.Soon);
            _ = ec2.DescribeTags([Id], ["a"], [], Exchange.Soon);
            _ = ec2.DescribeInstances([new("tag:a", ["b"])], [Id], [], Exchange.Soon);
        });

    [Fact]
    public void The_paths_of_created_resources_are_those_of_EC2s_model()
    {
        var model = ServiceModel.Load("ec2", "2016-11-15");
        Assert.InRange(CreatingCalls.All.Count, 25, 1_000);
        foreach (var (call, paths) in CreatingCalls.All)
        {
            foreach (var path in paths)
            {
                var shape = model.Output(call);
                foreach (var step in path.Split('.'))
                {
                    var member = model.Member(shape, step.TrimEnd('[', ']'), CloudTrailName);
                    Assert.True(member is not null, $"{call}: {shape} has no {step}");
                    Assert.Equal(step.EndsWith(']'), model.Type(member) == "list");
                    shape = step.EndsWith(']') ? model.Element(member) : member;
                }

                Assert.Equal("string", model.Type(shape));
            }
        }
    }

    /// <summary>CloudTrail uses the names of EC2's XML, which start with a small letter.</summary>
    private static string CloudTrailName(string name, JsonNode member) => member["locationName"]?.GetValue<string>() ?? name;

    private static async Task CheckAsync(string service, string version, int requests, Action<AwsClient> calls)
    {
        var model = ServiceModel.Load(service, version);
        Assert.Equal(version, model.Metadata("apiVersion"));
        var bodies = await BodiesAsync(calls);
        Assert.Equal(requests, bodies.Count);
        foreach (var body in bodies)
        {
            var fields = body.Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
            Assert.Equal(version, fields["Version"]);
            var input = model.Input(fields["Action"]);
            foreach (var name in fields.Keys.Where(name => name is not ("Action" or "Version")))
            {
                model.CheckQueryName(input, name, ofEc2: service == "ec2");
            }
        }
    }

    /// <summary>The bodies that these calls send. The server answers a document without content.</summary>
    private static async Task<List<string>> BodiesAsync(Action<AwsClient> calls)
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
        var settings = TestEnvironment.Settings(("AWS_ENDPOINT_URL", $"http://127.0.0.1:{server.Port}"));
        using var client = new AwsClient(new AwsShared(settings).WithoutRetries());
        calls(client);
        return bodies;
    }
}
