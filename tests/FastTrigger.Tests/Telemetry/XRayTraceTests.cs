using System.Net;
using System.Net.Sockets;
using FastTrigger.Aws;
using FastTrigger.Aws.Ec2;
using FastTrigger.Telemetry;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Telemetry;

/// <summary>
/// What X-Ray's daemon gets by UDP, held against docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html.
/// </summary>
public sealed class XRayTraceTests : IDisposable
{
    private const string Root = "1-5759e988-bd862e3fe1be46a994272793", Parent = "53995c3f42cd8ad8";

    private readonly UdpClient _daemon = new(new IPEndPoint(IPAddress.Loopback, 0));

    private string Address => $"127.0.0.1:{((IPEndPoint)_daemon.Client.LocalEndPoint!).Port}";

    public void Dispose() => _daemon.Dispose();

    [Fact]
    public async Task A_route_its_actions_and_their_calls_are_subsegments_inside_of_each_other()
    {
        using var trace = new XRayTrace(Address, new TestClock());
        trace.Start(Encoding.UTF8.GetBytes($"Root={Root};Parent={Parent};Sampled=1;Lineage=a:0"));
        trace.Begin();
        trace.Begin();
        trace.Begin();
        var header = trace.Header;
        trace.EndCall("ec2", "CreateTags", "eu-central-1", null, null, "id-1", isThrottled: false, isOurs: false);
        trace.End("owner-tag", "tag", "failed", "it is \"wrong\"");
        trace.End("owner-tag", null, "failed", null);
        Assert.Null(trace.Header);
        var call = await ReceiveAsync();
        var action = await ReceiveAsync();
        var route = await ReceiveAsync();
        Assert.Equal(("ec2", "owner-tag tag", "owner-tag"), (Text(call, "name"), Text(action, "name"), Text(route, "name")));
        Assert.Equal(
            (Text(action, "id"), Text(route, "id"), Parent),
            (Text(call, "parent_id"), Text(action, "parent_id"), Text(route, "parent_id")));
        Assert.Equal($"Root={Root};Parent={Text(call, "id")};Sampled=1", header);
        Assert.Equal("""{"operation":"CreateTags","region":"eu-central-1","request_id":"id-1"}""", call.GetProperty("aws").GetRawText());
        Assert.Equal("aws", Text(call, "namespace"));
        Assert.Equal("""{"route":"owner-tag","action":"tag","outcome":"failed"}""", action.GetProperty("annotations").GetRawText());
        Assert.True(action.GetProperty("fault").GetBoolean());
        Assert.Equal("it is \"wrong\"", Text(action.GetProperty("cause").GetProperty("exceptions")[0], "message"));
        Assert.False(route.TryGetProperty("fault", out _));
    }

    [Theory]
    [InlineData(true, false, "error throttle")]
    [InlineData(false, true, "error")]
    [InlineData(false, false, "fault")]
    public async Task A_call_that_failed_says_whose_fault_it_is(bool isThrottled, bool isOurs, string expected)
    {
        using var trace = new XRayTrace(Address, new TestClock());
        trace.Start(Encoding.UTF8.GetBytes($"Root={Root};Parent={Parent};Sampled=1"));
        trace.Begin();
        trace.EndCall("ssm", "SendCommand", "eu-central-1", "Code", "message", null, isThrottled, isOurs);
        var call = await ReceiveAsync();
        var flags = ((string[])["error", "fault", "throttle"]).Where(name => call.TryGetProperty(name, out _));
        Assert.Equal(expected, string.Join(' ', flags));
        Assert.Equal(Parent, Text(call, "parent_id"));
    }

    [Theory]
    [InlineData("Root=" + Root + ";Parent=" + Parent + ";Sampled=0")]
    [InlineData("Root=" + Root + ";Parent=" + Parent)]
    [InlineData("Root=" + Root + ";Sampled=1")]
    [InlineData("Root=" + Root + ";Parent=x;Sampled=1")]
    [InlineData("Root=" + Root + ";Parent=xxxxxxxxxxxxxxxx;Sampled=1")]
    [InlineData("Root=" + Root + ";Parent=" + Parent + ";NotSampled=1;Sampled=0")]
    [InlineData("Root=" + Root + ";GrandParent=" + Parent + ";Sampled=1")]
    [InlineData("OtherRoot=" + Root + ";Parent=" + Parent + ";Sampled=1")]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a99427279x;Parent=" + Parent + ";Sampled=1")]
    [InlineData("Parent=" + Parent + ";Sampled=1")]
    [InlineData("")]
    public void What_is_not_sampled_sends_nothing_and_opens_no_socket(string header)
    {
        using var trace = new XRayTrace(Address, new TestClock());
        trace.Start(Encoding.UTF8.GetBytes(header));
        trace.Begin();
        trace.End("r", "a", "done", null);
        trace.End("r", null, "done", null);
        Assert.Null(trace.Header);
        Assert.Equal(0, _daemon.Available);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("localhost:2000")]
    [InlineData(":2000")]
    [InlineData("127.0.0.1:99999")]
    public void An_address_that_is_none_costs_no_event(string address)
    {
        using var trace = new XRayTrace(address, new TestClock());
        trace.Start(Encoding.UTF8.GetBytes($"Root={Root};Parent={Parent};Sampled=1"));
        trace.Begin();
        trace.End("r", null, "done", null);
    }

    [Fact]
    public async Task The_header_goes_with_the_call()
    {
        var requests = new List<string>();
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            while (await SocketServer.ReadRequestAsync(stream, token) is { } request)
            {
                requests.Add(request);
                const string Answer = "<CreateTagsResponse><requestId>r</requestId><return>true</return></CreateTagsResponse>";
                var head = $"HTTP/1.1 200 OK\r\nx-amzn-requestid: r\r\nContent-Length: {Answer.Length}\r\n\r\n";
                await stream.WriteAsync(Encoding.UTF8.GetBytes(head + Answer), token);
            }
        });
        var settings = TestEnvironment.Settings(null, [("AWS_ENDPOINT_URL", $"http://localhost:{server.Port}")]);
        using var client = new AwsClient(new(settings));
        using var trace = new XRayTrace(Address, new TestClock());
        client.Trace = trace;
        trace.Start(Encoding.UTF8.GetBytes($"Root={Root};Parent={Parent};Sampled=1"));
        Assert.Null(new Ec2Client(client, "us-east-1").CreateTags(["i-0123456789abcdef0"], [new("a", "b")], Exchange.Soon));
        var call = await ReceiveAsync();
        var header = $"\r\nx-amzn-trace-id: Root={Root};Parent={Text(call, "id")};Sampled=1\r\n";
        Assert.Contains(header, Assert.Single(requests), StringComparison.Ordinal);
        Assert.Equal("r", Text(call.GetProperty("aws"), "request_id"));
        trace.Start([]);
        Assert.Null(new Ec2Client(client, "us-east-1").CreateTags(["i-0123456789abcdef0"], [new("a", "b")], Exchange.Soon));
        Assert.DoesNotContain("x-amzn-trace-id", requests[^1], StringComparison.Ordinal);
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    /// <summary>The next document, with what each one must have.</summary>
    private async Task<JsonElement> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var packet = Encoding.UTF8.GetString((await _daemon.ReceiveAsync(patience.Token)).Buffer);
        Assert.StartsWith("{\"format\":\"json\",\"version\":1}\n", packet, StringComparison.Ordinal);
        var document = JsonDocument.Parse(packet[(packet.IndexOf('\n', StringComparison.Ordinal) + 1)..]).RootElement;
        XRayDocument.AssertValid(document);
        Assert.Equal(Root, Text(document, "trace_id"));
        return document;
    }
}
