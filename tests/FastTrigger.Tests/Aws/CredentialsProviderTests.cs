using FastTrigger.Aws;
using FastTrigger.Configuration;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Aws;

public sealed class CredentialsProviderTests
{
    [Fact]
    public void Keys_come_from_the_environment_first()
    {
        var settings = TestEnvironment.Settings(
            ("AWS_ACCESS_KEY_ID", "AKID"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("AWS_SESSION_TOKEN", null));
        var credentials = Provider(settings).Get(Exchange.Soon, out _);
        Assert.Equal(("AKID", "s", null), (credentials!.AccessKeyId, credentials.SecretAccessKey, credentials.SessionToken));
        Assert.DoesNotContain("s", credentials.ToString().Replace("credentials", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_come_from_the_container_endpoint_and_are_renewed_before_they_expire()
    {
        var clock = new TestClock();
        var serial = 0;
        var requests = new List<string>();
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            requests.Add((await SocketServer.ReadRequestAsync(stream, token))!);
            serial++;
            var body = $$"""
                {"AccessKeyId":"AKID{{serial}}","SecretAccessKey":"s","Token":"t",
                "Expiration":"{{DateTimeOffset.UtcNow.AddHours(serial):yyyy-MM-dd'T'HH:mm:ss'Z'}}"}
                """;
            var answer = $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), token);
        });
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "Basic abc", TestContext.Current.CancellationToken);
        var provider = Provider(TestEnvironment.Settings(
            clock,
            ("AWS_ACCESS_KEY_ID", null),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"http://127.0.0.1:{server.Port}/creds?x=1"),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file)));
        Assert.Equal("AKID1", provider.Get(Exchange.Soon, out var failure)?.AccessKeyId);
        Assert.Null(failure);
        Assert.Equal("AKID1", provider.Get(Exchange.Soon, out _)!.AccessKeyId);
        clock.WallOffsetMs = 56 * 60_000;
        Assert.Equal("AKID2", provider.Get(Exchange.Soon, out _)!.AccessKeyId);
        Assert.StartsWith("GET /creds?x=1 HTTP/1.1\r\n", requests[0], StringComparison.Ordinal);
        Assert.Contains("\r\nAuthorization: Basic abc\r\n", requests[0], StringComparison.Ordinal);
        File.Delete(file);
    }

    [Theory]
    [InlineData("http://example.com/creds", "refused")]
    [InlineData("http://10.0.0.1/creds", "refused")]
    [InlineData("http://127.evil.example/creds", "refused")]
    [InlineData("nonsense", "refused")]
    [InlineData("http://127.0.0.1:9/creds", "failed")]
    [InlineData(null, "no AWS credentials")]
    public void Missing_keys_are_reported_with_the_reason(string? url, string reason)
    {
        var provider = Provider(TestEnvironment.Settings(("AWS_ACCESS_KEY_ID", null), ("AWS_CONTAINER_CREDENTIALS_FULL_URI", url)));
        Assert.Null(provider.Get(Exchange.Soon, out var failure));
        Assert.Contains(reason, failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AKID", "t\\r\\nX-Evil: 1")]
    [InlineData("AKID", "t\\u0000")]
    [InlineData("AK\\nID", "t")]
    public async Task Keys_of_the_container_endpoint_that_would_begin_another_header_are_refused(string id, string token)
    {
        var body = $$"""{"AccessKeyId":"{{id}}","SecretAccessKey":"s","Token":"{{token}}"}""";
        await using var server = SocketServer.Answering(
            Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        var provider = Provider(TestEnvironment.Settings(
            ("AWS_ACCESS_KEY_ID", null),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"http://127.0.0.1:{server.Port}/")));
        Assert.Null(provider.Get(Exchange.Soon, out var problem));
        Assert.Contains("a key or a token that has a line break or another control character", problem!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AKID", "t\r\nX-Evil: 1")]
    [InlineData("AKID\n", null)]
    public void Keys_of_the_environment_that_would_begin_another_header_are_refused(string id, string? token)
    {
        var provider = Provider(TestEnvironment.Settings(
            ("AWS_ACCESS_KEY_ID", id),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("AWS_SESSION_TOKEN", token)));
        Assert.Null(provider.Get(Exchange.Soon, out var problem));
        Assert.StartsWith("AWS_ACCESS_KEY_ID or AWS_SESSION_TOKEN has a line break", problem!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abc\n")]
    [InlineData("a\u0000c")]
    public void A_container_token_that_would_begin_another_header_is_refused(string token)
    {
        var provider = Provider(TestEnvironment.Settings(
            ("AWS_ACCESS_KEY_ID", null),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", token),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:9/")));
        Assert.Null(provider.Get(Exchange.Soon, out var problem));
        Assert.Contains("authorization token has a line break", problem!.Message, StringComparison.Ordinal);
    }

    private static CredentialsProvider Provider(Settings settings) => new(settings, new(settings));
}
