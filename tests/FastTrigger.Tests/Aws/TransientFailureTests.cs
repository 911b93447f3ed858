using System.Net.Sockets;
using FastTrigger.Actions;
using FastTrigger.Aws;
using FastTrigger.Aws.Ec2;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Samples;
using FastTrigger.Core;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Aws;

/// <summary>
/// What happens before a request is sent is final only when a certificate or a protocol version is refused (C5.1). The servers fail the
/// first connections and pass the others on to the local AWS.
/// </summary>
public sealed class TransientFailureTests
{
    private const string Id = "i-0123456789abcdef0";
    private static readonly Tag[] s_owner = [new("Owner", "alice")];
    private static readonly WorldFile s_world = new() { Instances = [new() { Id = Id }] };

    public static TheoryData<string> Breaks => ["reset", "close", "alert 40", "alert 80", "plain text", "part of a hello"];

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task A_handshake_that_breaks_off_is_repeated_and_the_call_is_made_once(string how)
    {
        await using var aws = await AwsFixture.StartAsync(s_world);
        await using var server = Breaking(how, aws, times: 2);
        using var client = ClientOf(aws, ("AWS_ENDPOINT_URL", $"https://localhost:{server.Port}"));
        Assert.Null(new Ec2Client(client, "us-east-1").CreateTags([Id], s_owner, Exchange.Soon));
        // No byte of it was sent, so even what is never sent twice is sent.
        await using var again = Breaking(how, aws, times: 1);
        using var other = ClientOf(aws, ("AWS_ENDPOINT_URL", $"https://localhost:{again.Port}"));
        var request = new FastTrigger.Aws.Ssm.SendCommandRequest { DocumentName = "AWS-RunShellScript", InstanceIds = [Id] };
        var failure = new FastTrigger.Aws.Ssm.SsmClient(other, "us-east-1").SendCommand(request, Exchange.Soon, out _);
        Assert.NotEqual(AwsFailureKind.NoAnswer, failure?.Kind);
        Assert.Equal(["CreateTags", "SendCommand"], aws.Operations);
        Assert.Equal((3, 2), (server.Accepted, again.Accepted));
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task A_handshake_that_always_breaks_off_is_a_retry_with_nothing_sent(string how)
    {
        await using var aws = await AwsFixture.StartAsync(s_world);
        await using var server = Breaking(how, aws, times: 99);
        using var client = ClientOf(aws, ("AWS_ENDPOINT_URL", $"https://localhost:{server.Port}"));
        AssertRetry(new Ec2Client(client, "us-east-1").CreateTags([Id], s_owner, Exchange.Soon));
        Assert.Equal(4, server.Accepted);
    }

    [Theory]
    [InlineData("alert 42")]
    [InlineData("alert 48")]
    [InlineData("alert 70")]
    [InlineData("alert 116")]
    public async Task A_verdict_on_a_certificate_or_a_version_is_final(string how)
    {
        await using var aws = await AwsFixture.StartAsync(s_world);
        await using var server = Breaking(how, aws, times: 99);
        using var client = ClientOf(aws, ("AWS_ENDPOINT_URL", $"https://localhost:{server.Port}"));
        var failure = new Ec2Client(client, "us-east-1").CreateTags([Id], s_owner, Exchange.Soon);
        Assert.Equal((AwsFailureKind.Unusable, Outcome.Failed), (failure!.Kind, failure.Result("CreateTags").Outcome));
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task A_lifecycle_hook_waits_while_the_handshake_of_its_command_breaks_off()
    {
        await using var aws = await AwsFixture.StartAsync(new WorldInstance { Id = "i-0abcd1234abcd1234" });
        await using var server = Breaking("reset", aws, times: 99);
        var broken = TestEnvironment.Settings(
            ("AWS_ENDPOINT_URL", aws.Server.HttpsUrl),
            ("AWS_ENDPOINT_URL_SSM", $"https://localhost:{server.Port}"),
            ("AWS_CA_BUNDLE", aws.Server.AuthorityFile));
        await using var router = RouterFixture.Over(aws.With(broken), """
            {"routes":[{"name":"r","lifecycle":{},"when":{"source":["aws.autoscaling"]},
             "do":[{"run-command":{"targets":{"instanceIds":["${event.detail.EC2InstanceId}"]},"commands":["true"]}}]}]}
            """);
        Assert.Equal("Function.ActionRetry", router.Handle(SampleEvents.Read("eventbridge-lifecycle")).Error?.Type);
        Assert.Empty(aws.World.Calls);
    }

    [Theory]
    [InlineData("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\n\r\n")]
    [InlineData("HTTP/1.1 504 Gateway Timeout\r\n\r\n")]
    [InlineData("reset")]
    [InlineData("close")]
    [InlineData("\0\u0001garbage\r\n\r\n")]
    public async Task A_proxy_that_fails_is_asked_again(string how)
    {
        await using var aws = await AwsFixture.StartAsync(s_world);
        await using var proxy = Breaking(how, aws, times: 2, isProxy: true);
        using var client = ClientOf(aws, ("HTTPS_PROXY", $"http://127.0.0.1:{proxy.Port}"));
        Assert.Null(new Ec2Client(client, "us-east-1").CreateTags([Id], s_owner, Exchange.Soon));
        Assert.Equal(["CreateTags"], aws.Operations);
        await using var always = Breaking(how, aws, times: 99, isProxy: true);
        using var other = ClientOf(aws, ("HTTPS_PROXY", $"http://127.0.0.1:{always.Port}"));
        AssertRetry(new Ec2Client(other, "us-east-1").CreateTags([Id], s_owner, Exchange.Soon));
        Assert.Equal((3, 4), (proxy.Accepted, always.Accepted));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_peer_that_is_silent_before_the_request_is_a_retry(bool isProxy)
    {
        await using var aws = await AwsFixture.StartAsync(s_world);
        await using var server = Breaking("silence", aws, times: 99, isProxy);
        using var client = ClientOf(aws, isProxy
            ? ("HTTPS_PROXY", $"http://127.0.0.1:{server.Port}")
            : ("AWS_ENDPOINT_URL", $"https://localhost:{server.Port}"));
        var failure = new Ec2Client(client, "us-east-1").CreateTags([Id], s_owner, Deadline.In(Clock.System, 300));
        AssertRetry(failure);
        Assert.True(failure!.TimeIsUp);
    }

    [Theory]
    [InlineData("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"AccessKeyId\":\"AKID")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{\"Code\":\"Failed\"}")]
    [InlineData("reset")]
    [InlineData("close")]
    public async Task A_credentials_endpoint_that_fails_is_asked_again(string how)
    {
        var keys = $$"""{"AccessKeyId":"{{LocalKeys.AccessKeyId}}","SecretAccessKey":"{{LocalKeys.SecretAccessKey}}"}""";
        var whole = $"HTTP/1.1 200 OK\r\nContent-Length: {keys.Length}\r\n\r\n{keys}";
        await using var aws = await AwsFixture.StartAsync(s_world);
        await using var endpoint = new SocketServer(async (index, stream, token) =>
        {
            _ = await SocketServer.ReadRequestAsync(stream, token);
            await BreakAsync(index < 2 ? how : whole, stream, token);
        });
        (string, string?)[] variables = [("AWS_ACCESS_KEY_ID", null), ("AWS_CONTAINER_CREDENTIALS_FULL_URI", UriOf(endpoint))];
        using var client = ClientOf(aws, variables);
        Assert.Null(new Ec2Client(client, "us-east-1").CreateTags([Id], s_owner, Exchange.Soon));
        Assert.Equal(["CreateTags"], aws.Operations);
        Assert.Equal(3, endpoint.Accepted);
    }

    [Theory]
    [InlineData("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", true)]
    [InlineData("close", true)]
    [InlineData("silence", true)]
    [InlineData("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", false)]
    public async Task Only_a_refusal_by_the_credentials_endpoint_is_final(string how, bool mayPass)
    {
        await using var aws = await AwsFixture.StartAsync(s_world);
        await using var endpoint = new SocketServer(async (_, stream, token) =>
        {
            await SocketServer.ReadRequestAsync(stream, token);
            await BreakAsync(how, stream, token);
        });
        using var client = ClientOf(aws, ("AWS_ACCESS_KEY_ID", null), ("AWS_CONTAINER_CREDENTIALS_FULL_URI", UriOf(endpoint)));
        var failure = new Ec2Client(client, "us-east-1").CreateTags([Id], s_owner, Deadline.In(Clock.System, 1_000))!;
        Assert.Contains("the container credentials' endpoint", failure.Message, StringComparison.Ordinal);
        Assert.Equal(mayPass ? Outcome.Retry : Outcome.Failed, failure.Result("CreateTags").Outcome);
        Assert.False(failure.Sent);
    }

    /// <summary>RFC 6761, 6.4: a name in .invalid does not exist, or the resolver fails. Both are retries, because both may pass.</summary>
    [Fact]
    public async Task A_name_that_does_not_resolve_is_a_retry()
    {
        await using var aws = await AwsFixture.StartAsync(s_world);
        using var client = ClientOf(aws, ("AWS_ENDPOINT_URL", "https://ec2.invalid"));
        AssertRetry(new Ec2Client(client, "us-east-1").CreateTags([Id], s_owner, Exchange.Soon));
    }

    private static string UriOf(SocketServer server) => $"http://127.0.0.1:{server.Port}/creds";

    private static void AssertRetry(AwsFailure? failure)
    {
        Assert.Equal((AwsFailureKind.NoAnswer, false), (failure!.Kind, failure.Sent));
        Assert.Equal(Outcome.Retry, failure.Result("CreateTags").Outcome);
    }

    private static AwsClient ClientOf(AwsFixture aws, params (string, string?)[] variables) => new(new(TestEnvironment.Settings(
        [("AWS_ENDPOINT_URL", aws.Server.HttpsUrl), ("AWS_CA_BUNDLE", aws.Server.AuthorityFile), .. variables])));

    /// <summary>Fails the first connections, and passes the others on to the local AWS.</summary>
    private static SocketServer Breaking(string how, AwsFixture aws, int times, bool isProxy = false) => new(async (index, stream, token) =>
    {
        if (index < times || isProxy)
        {
            // A peer that closes with bytes unread resets the connection.
            _ = isProxy ? (await SocketServer.ReadRequestAsync(stream, token))?.Length : await stream.ReadAsync(new byte[65536], token);
        }

        if (index < times)
        {
            await BreakAsync(how, stream, token);
            return;
        }

        if (isProxy)
        {
            await stream.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), token);
        }

        using var upstream = new TcpClient();
        await upstream.ConnectAsync("127.0.0.1", new Uri(aws.Server.HttpsUrl).Port, token);
        await Task.WhenAny(stream.CopyToAsync(upstream.GetStream(), token), upstream.GetStream().CopyToAsync(stream, token));
    });

    private static async Task BreakAsync(string how, NetworkStream stream, CancellationToken token)
    {
        switch (how)
        {
            case "close":
                break;
            case "silence":
                await Task.Delay(Timeout.Infinite, token);
                break;
            case "reset":
                stream.Socket.LingerState = new(true, 0);
                stream.Socket.Close();
                break;
            case "plain text":
                await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), token);
                break;
            case "part of a hello":
                await stream.WriteAsync(new byte[] { 22, 3, 3, 0, 122, 2, 0, 0 }, token);
                break;
            case ['a', 'l', 'e', 'r', 't', ' ', .. var number]:
                await stream.WriteAsync(new byte[] { 21, 3, 3, 0, 2, 2, byte.Parse(number, provider: null) }, token);
                break;
            default:
                await stream.WriteAsync(Encoding.Latin1.GetBytes(how), token);
                break;
        }
    }
}
