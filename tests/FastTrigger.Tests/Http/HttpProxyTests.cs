using System.Net.Sockets;
using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Http;

public sealed class HttpProxyTests
{
    [Theory]
    [InlineData("", "ec2.us-east-1.amazonaws.com", true)]
    [InlineData("*", "ec2.us-east-1.amazonaws.com", false)]
    [InlineData("amazonaws.com", "ec2.us-east-1.amazonaws.com", false)]
    [InlineData(".amazonaws.com", "ec2.us-east-1.amazonaws.com", false)]
    [InlineData("aws.com", "ec2.us-east-1.amazonaws.com", true)]
    [InlineData("localhost, 127.0.0.1", "127.0.0.1", false)]
    [InlineData("EC2.us-east-1.amazonaws.com:443", "ec2.us-east-1.amazonaws.com", false)]
    [InlineData("ec2.us-east-1.amazonaws.com:8443", "ec2.us-east-1.amazonaws.com", true)]
    public void NO_PROXY_excludes_hosts_and_domains_C6_3(string noProxy, string host, bool isProxied)
    {
        Assert.True(HttpProxy.TryParse("http://proxy.example:3128", noProxy, out var proxy, out _));
        Assert.Equal(isProxied, proxy.For(new(true, host, 443, "/")) is not null);
    }

    [Fact]
    public void Plain_http_never_uses_the_proxy_for_https()
    {
        Assert.True(HttpProxy.TryParse("proxy.example:3128", null, out var proxy, out _));
        Assert.Equal(3128, proxy.For(new(true, "a.example", 443, "/"))!.Port);
        Assert.Null(proxy.For(new(false, "a.example", 80, "/")));
    }

    [Theory]
    [InlineData("https://proxy.example")]
    [InlineData("http://proxy example")]
    [InlineData("http://proxy:99999")]
    public void A_proxy_that_cannot_be_used_is_a_mistake(string url)
    {
        Assert.False(HttpProxy.TryParse(url, null, out _, out var problem));
        Assert.StartsWith("HTTPS_PROXY", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Https_is_tunnelled_by_CONNECT_with_credentials_C6_3()
    {
        using var certificates = new TestCertificates();
        await using var site = new TlsServer(certificates.Server());
        string? request = null;
        await using var proxyServer = new SocketServer(async (_, stream, token) =>
        {
            request = await SocketServer.ReadRequestAsync(stream, token);
            using var upstream = new TcpClient();
            await upstream.ConnectAsync("127.0.0.1", site.Port, token);
            await stream.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), token);
            await Task.WhenAny(stream.CopyToAsync(upstream.GetStream(), token), upstream.GetStream().CopyToAsync(stream, token));
        });
        using var connection = Open($"http://user:p%40ss@127.0.0.1:{proxyServer.Port}", site.Port, certificates, out var problem);
        Assert.True(connection is not null, problem.Detail);
        Assert.True(connection.Send().IsNone);
        Assert.StartsWith($"CONNECT localhost:{site.Port} HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains($"Proxy-Authorization: Basic {Convert.ToBase64String("user:p@ss"u8)}\r\n", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_refuses_CONNECT_is_named()
    {
        var answer = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"u8.ToArray();
        await using var proxyServer = SocketServer.Answering(answer);
        using var certificates = new TestCertificates();
        Assert.Null(Open($"127.0.0.1:{proxyServer.Port}", 443, certificates, out var problem));
        Assert.Equal(HttpFault.Proxy, problem.Fault);
        Assert.Contains("407", problem.Detail, StringComparison.Ordinal);
    }

    private static HttpConnection? Open(string proxyUrl, int port, TestCertificates certificates, out HttpProblem problem)
    {
        Assert.True(HttpProxy.TryParse(proxyUrl, null, out var proxy, out var mistake), mistake);
        var origin = new Origin(true, "localhost", port, "/");
        return HttpConnection.Open(origin, certificates.Roots(), proxy, Exchange.Soon, Clock.System, out problem);
    }
}
