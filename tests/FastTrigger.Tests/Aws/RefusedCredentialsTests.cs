using FastTrigger.Aws;
using FastTrigger.Aws.Sts;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Aws;

/// <summary>Credentials that AWS refuses before they expire (C5.4), and those that no header can hold.</summary>
public sealed class RefusedCredentialsTests
{
    private const string Id = "i-0aaaaaaaaaaaaaaa1";

    private static readonly WorldFile s_world = new() { Instances = [new() { Id = Id }] };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Credentials_of_the_container_endpoint_are_fetched_anew_when_AWS_refuses_them_C5_4(bool asExpired)
    {
        await using var endpoint = new Endpoint();
        await using var aws = await AwsFixture.StartAsync(s_world, endpoint.Variables);
        endpoint.World = aws.World;
        Assert.Null(aws.Ec2.DescribeTags([Id], ["none"], [], Exchange.Soon));
        endpoint.Refuse(asExpired);
        Assert.Null(aws.Ec2.DescribeTags([Id], ["none"], [], Exchange.Soon));
        Assert.Equal(2, endpoint.Given);
        endpoint.Refuse(asExpired);
        Assert.Null(aws.Ssm.ListCommands(Guid.Empty.ToString(), [], Exchange.Soon));
        Assert.Equal(3, endpoint.Given);
    }

    [Fact]
    public async Task Credentials_that_are_refused_again_are_an_error_and_not_asked_for_without_end_C5_4()
    {
        await using var endpoint = new Endpoint { AreUnknown = true };
        await using var aws = await AwsFixture.StartAsync(s_world, endpoint.Variables);
        endpoint.World = aws.World;
        var failure = aws.Ssm.ListCommands(Guid.Empty.ToString(), [], Exchange.Soon);
        Assert.Equal((AwsFailureKind.Refused, "UnrecognizedClientException"), (failure!.Kind, failure.Code));
        Assert.Equal((2, 2), (endpoint.Given, aws.World.Calls.Count));
    }

    /// <summary>A broken or hostile answer of STS: a line break in a key would begin another header of the next request.</summary>
    [Theory]
    [InlineData("ASIA", "t\r\nX-Evil: 1")]
    [InlineData("ASIA", "t&#10;X-Evil: 1")]
    [InlineData("ASIA&#xD;&#xA;X-Evil: 1", "t")]
    [InlineData("ASIA", "t\u0001")]
    public async Task Credentials_of_a_role_that_would_begin_another_header_are_refused(string key, string token)
    {
        var keys = $"<AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>{token}</SessionToken>";
        var xml = $"<AssumeRoleResponse><AssumeRoleResult><Credentials>{keys}</Credentials></AssumeRoleResult></AssumeRoleResponse>";
        await using var server = SocketServer.Answering(
            Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {xml.Length}\r\n\r\n{xml}"));
        await using var aws = await AwsFixture.StartAsync(s_world, ("AWS_ENDPOINT_URL_STS", $"http://127.0.0.1:{server.Port}"));
        var request = new AssumeRoleRequest("arn:aws:iam::123456789012:role/r", "s", null, []);
        var failure = new StsClient(aws.Client, "us-east-1").AssumeRole(request, Exchange.Soon, out var credentials);
        Assert.Null(credentials);
        Assert.NotNull(failure);
        Assert.DoesNotContain("X-Evil", failure.Reason, StringComparison.Ordinal);
    }

    /// <summary>An endpoint of container credentials whose credentials the local AWS knows.</summary>
    private sealed class Endpoint : IAsyncDisposable
    {
        private readonly SocketServer _server;

        public Endpoint() => _server = new(async (_, stream, token) =>
        {
            await SocketServer.ReadRequestAsync(stream, token);
            var session = new LocalSession($"ASIA{++Given}", "secret", $"token-{Given}", "123456789012", DateTimeOffset.UtcNow.AddHours(1));
            if (!AreUnknown)
            {
                World!.Sessions[session.AccessKeyId] = session;
            }

            var body = $$"""
                {"AccessKeyId":"{{session.AccessKeyId}}","SecretAccessKey":"secret","Token":"{{session.SessionToken}}",
                "Expiration":"{{session.Expires.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}}"}
                """;
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}"), token);
        });

        public LocalWorld? World { get; set; }

        public bool AreUnknown { get; init; }

        public int Given { get; private set; }

        public (string Name, string? Value)[] Variables =>
        [
            ("AWS_ACCESS_KEY_ID", null),
            ("AWS_SECRET_ACCESS_KEY", null),
            ("AWS_SESSION_TOKEN", null),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"http://127.0.0.1:{_server.Port}/"),
        ];

        public void Refuse(bool asExpired)
        {
            foreach (var (key, session) in World!.Sessions)
            {
                if (asExpired)
                {
                    World.Sessions[key] = session with { Expires = DateTimeOffset.UtcNow.AddSeconds(-1) };
                }
                else
                {
                    World.Sessions.TryRemove(key, out _);
                }
            }
        }

        public ValueTask DisposeAsync() => _server.DisposeAsync();
    }
}
