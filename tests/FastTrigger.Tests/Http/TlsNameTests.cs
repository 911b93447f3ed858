using System.Net.Security;
using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Http;

/// <summary>Which names of a certificate count, by RFC 9525: those in its subjectAltName, and nothing else.</summary>
public sealed class TlsNameTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData("www.example.com", "www.example.com", true)]
    [InlineData("www.example.com", "WWW.Example.com", true)]
    [InlineData("www.example.com", "example.com", false)]
    [InlineData("*.example.com", "www.example.com", true)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*.example.com", "a.b.example.com", false)]
    [InlineData("w*.example.com", "www.example.com", false)]
    [InlineData("*w.example.com", "www.example.com", false)]
    [InlineData("www.*.com", "www.example.com", false)]
    [InlineData("*.com", "example.com", false)]
    [InlineData("*", "localhost", false)]
    [InlineData("127.0.0.1", "127.0.0.1", false)]
    public async Task A_name_or_its_whole_first_label_is_matched(string inCertificate, string host, bool isAccepted)
    {
        await using var server = new TlsServer(_certificates.Server(inCertificate, subject: "unused"));
        var problem = Handshake(server.Port, host);
        Assert.True(problem.IsNone == isAccepted, problem.Detail);
        Assert.True(isAccepted || problem.Detail.Contains("mismatch", StringComparison.Ordinal), problem.Detail);
    }

    [Theory]
    [InlineData("localhost", "")]
    [InlineData("127.0.0.1", "")]
    [InlineData("127.0.0.1", "localhost")]
    public async Task A_common_name_is_no_name_of_the_server(string commonName, string alternative)
    {
        await using var server = new TlsServer(_certificates.Server(alternative, subject: commonName));
        Assert.Contains("mismatch", Handshake(server.Port, commonName).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_the_subjectAltName_is_matched()
    {
        await using var server = new TlsServer(_certificates.Server(address: true, subject: "unused"));
        Assert.Equal(HttpProblem.None, Handshake(server.Port, "127.0.0.1"));
    }

    [Fact]
    public void A_name_that_begins_with_a_dot_would_stand_for_all_below_it()
    {
        Assert.False(Origin.TryParse("https://.example.com/", out _, out var problem));
        Assert.Equal("a URL needs a host", problem);
    }

    [Fact]
    public async Task A_connection_that_is_reset_says_so()
    {
        using var certificate = _certificates.Server();
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            await using var tls = new SslStream(stream, leaveInnerStreamOpen: true);
            await tls.AuthenticateAsServerAsync(certificate);
            await SocketServer.ReadRequestAsync(tls, token);
            await tls.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), token);
            // A close without a wait sends RST.
            stream.Socket.Close(0);
        });
        var origin = new Origin(true, "localhost", server.Port, "/");
        using var connection = HttpConnection.Open(
            origin,
            _certificates.Roots(),
            HttpProxy.None,
            Exchange.Soon,
            Clock.System,
            out var problem);
        Assert.True(connection is not null, problem.Detail);
        problem = connection.Send();
        Assert.Equal(HttpFault.Reset, problem.Fault);
        Assert.Equal("the connection broke: Connection reset by peer", problem.Detail);
    }

    private HttpProblem Handshake(int port, string host)
    {
        var tcp = TcpTransport.Connect("127.0.0.1", port, Exchange.Soon, Clock.System, out _);
        using var tls = HttpConnection.BeginTls(tcp!, new(true, host, port, "/"), _certificates.Roots(), resume: false, out var problem);
        return tls?.Complete(Exchange.Soon) ?? problem;
    }
}
