using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.NativeTests;

/// <summary>What the published function tells X-Ray's daemon.</summary>
public sealed class TraceTests
{
    private const string Root = "1-5759e988-bd862e3fe1be46a994272793";

    [Theory]
    [MemberData(nameof(Artifacts.Links), MemberType = typeof(Artifacts))]
    public async Task A_launch_that_is_sampled_is_a_route_an_action_and_its_calls(string link)
    {
        using var daemon = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var world = WorldReader.Load(Path.Combine(Artifacts.Root, Artifacts.Demo("world.json")));
        await using var function = await NativeFunction.StartAsync(
            file: world,
            bootstrap: Artifacts.Linked(link),
            variables: ("AWS_XRAY_DAEMON_ADDRESS", $"127.0.0.1:{((IPEndPoint)daemon.Client.LocalEndPoint!).Port}"));
        // What is not sampled leaves nothing.
        await function.InvokeAsync(Artifacts.Read("running.json"), $"Root={Root};Parent=53995c3f42cd8ad8;Sampled=0");
        var (_, errorType) = await function.InvokeAsync(Artifacts.Read("launch.json"), $"Root={Root};Parent=53995c3f42cd8ad8;Sampled=1");
        Assert.Null(errorType);
        var documents = new List<JsonNode>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!documents.Exists(document => document.Text("name") == "owner-tag"))
        {
            var packet = Encoding.UTF8.GetString((await daemon.ReceiveAsync(patience.Token)).Buffer);
            var document = packet[(packet.IndexOf('\n', StringComparison.Ordinal) + 1)..];
            XRayDocument.AssertValid(JsonDocument.Parse(document).RootElement);
            documents.Add(JsonNode.Parse(document)!);
        }

        var route = documents[^1];
        var action = documents[^2];
        Assert.Equal(("owner-tag tag", route.Text("id")), (action.Text("name"), action.Text("parent_id")));
        Assert.NotEqual(0, documents.Count - 2);
        Assert.All(documents.Take(documents.Count - 2), call =>
            Assert.Equal(("ec2", "aws", action.Text("id")), (call.Text("name"), call.Text("namespace"), call.Text("parent_id"))));
        Assert.Contains(documents, call => call["aws"]?["operation"]?.GetValue<string>() == "CreateTags");
        function.AssertLogs($"\"traceId\":\"{Root}\"");
    }
}
