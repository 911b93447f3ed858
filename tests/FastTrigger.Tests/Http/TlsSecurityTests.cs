using System.Net.Security;
using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Http;

/// <summary>The security tests of the OpenSSL binding: each test has a peer that must be accepted or refused.</summary>
public sealed class TlsSecurityTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task A_valid_certificate_is_accepted_and_the_name_is_sent_as_SNI()
    {
        await using var server = new TlsServer(_certificates.Server());
        using var connection = Open(server.Port, out var problem);
        Assert.True(connection is not null, problem.Detail);
        Assert.True(connection.Send().IsNone);
        Assert.Equal(Exchange.Tagged, connection.Response.Text());
        Assert.Equal("localhost", server.ServerName);
    }

    [Fact]
    public async Task An_address_is_checked_against_the_addresses_of_the_certificate()
    {
        await using var right = new TlsServer(_certificates.Server(address: true));
        using var connection = Open(right.Port, out var problem, "127.0.0.1");
        Assert.True(connection is not null, problem.Detail);
        await using var wrong = new TlsServer(_certificates.Server());
        Assert.Null(Open(wrong.Port, out problem, "127.0.0.1"));
        Assert.Contains("address mismatch", problem.Detail, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_chain_with_its_intermediate_is_accepted()
    {
        using var intermediate = _certificates.Intermediate();
        await using var server = new TlsServer(_certificates.Server(issuer: intermediate), intermediate);
        using var connection = Open(server.Port, out var problem);
        Assert.True(connection is not null, problem.Detail);
    }

    [Fact]
    public async Task A_missing_intermediate_is_refused()
    {
        using var intermediate = _certificates.Intermediate();
        await using var server = new TlsServer(_certificates.Server(issuer: intermediate));
        AssertRefused(server.Port, HttpFault.Untrusted, "unable to get local issuer");
    }

    [Fact]
    public async Task Another_host_is_refused()
    {
        await using var server = new TlsServer(_certificates.Server("example.com"));
        AssertRefused(server.Port, HttpFault.Tls, "hostname mismatch");
    }

    [Fact]
    public async Task An_expired_certificate_is_refused()
    {
        await using var server = new TlsServer(_certificates.Server(fromDays: -2, toDays: -1));
        AssertRefused(server.Port, HttpFault.Tls, "expired");
    }

    [Fact]
    public async Task A_certificate_that_is_not_yet_valid_is_refused()
    {
        await using var server = new TlsServer(_certificates.Server(fromDays: 1));
        AssertRefused(server.Port, HttpFault.Tls, "not yet valid");
    }

    [Fact]
    public async Task A_self_signed_certificate_is_refused()
    {
        await using var server = new TlsServer(TestCertificates.SelfSigned());
        AssertRefused(server.Port, HttpFault.Untrusted, "self-signed");
    }

    [Fact]
    public async Task An_unknown_root_is_refused()
    {
        using var others = new TestCertificates();
        await using var server = new TlsServer(others.Server());
        AssertRefused(server.Port, HttpFault.Untrusted, "unable to get local issuer");
    }

    [Fact]
    public async Task A_SHA_1_signature_is_refused()
    {
        // .NET's own server refuses to send such a certificate.
        var (certificate, key) = _certificates.Files(_certificates.Server(sha1: true));
        using var server = await OpenSslServer.StartAsync(certificate, key, "-tls1_2");
        AssertRefused(server.Port, HttpFault.Tls, "too weak");
    }

    [Fact]
    public async Task A_key_of_less_than_112_bits_of_strength_is_refused()
    {
        var (certificate, key) = _certificates.Files(_certificates.Server(bits: 1024));
        using var server = await OpenSslServer.StartAsync(certificate, key, "-tls1_2");
        AssertRefused(server.Port, HttpFault.Tls, "too weak");
    }

    [Fact]
    public async Task TLS_1_1_is_refused_and_TLS_1_2_is_accepted()
    {
        var (certificate, key) = _certificates.Files(_certificates.Server());
        using var old = await OpenSslServer.StartAsync(certificate, key, "-tls1_1");
        AssertRefused(old.Port, HttpFault.Tls, "");
        using var current = await OpenSslServer.StartAsync(certificate, key, "-tls1_2");
        using var connection = Open(current.Port, out var problem);
        Assert.True(connection is not null, problem.Detail);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u0016\u0003\u0003\u0000\u007a\u0002\u0000\u0000")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    public async Task An_incomplete_or_invalid_handshake_is_an_error(string bytes)
    {
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            _ = await stream.ReadAsync(new byte[1], token);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes), token);
        });
        AssertRefused(server.Port, HttpFault.Handshake, "");
    }

    [Fact]
    public async Task A_handshake_that_never_ends_stops_at_the_deadline()
    {
        await using var server = new SocketServer((_, _, token) => Task.Delay(Timeout.Infinite, token));
        var origin = new Origin(true, "localhost", server.Port, "/");
        var deadline = Deadline.In(Clock.System, 100);
        Assert.Null(HttpConnection.Open(origin, _certificates.Roots(), HttpProxy.None, deadline, Clock.System, out var problem));
        Assert.Equal(HttpFault.Timeout, problem.Fault);
    }

    [Fact]
    public async Task A_body_without_a_length_is_complete_only_after_close_notify()
    {
        await using var truncated = new TlsServer(
            _certificates.Server(),
            serve: (stream, token) => ServeAsync(stream, closeNotify: false, token));
        using var connection = Open(truncated.Port, out _)!;
        Assert.Equal(HttpFault.Reset, connection.Send().Fault);

        await using var complete = new TlsServer(
            _certificates.Server(),
            serve: (stream, token) => ServeAsync(stream, closeNotify: true, token));
        using var other = Open(complete.Port, out _)!;
        Assert.True(other.Send().IsNone);
        Assert.Equal("part", other.Response.Text());
    }

    [Fact]
    public async Task Session_tickets_are_not_mistaken_for_a_close_C5_3()
    {
        await using var server = new TlsServer(_certificates.Server());
        using var connection = Open(server.Port, out _)!;
        for (var i = 0; i < 5; i++)
        {
            Assert.True(connection.IsReusable(idempotent: true));
            Assert.True(connection.Send().IsNone);
        }

        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task A_close_is_seen_before_a_byte_is_sent_C5_3()
    {
        await using var server = new TlsServer(_certificates.Server(), serve: async (stream, token) =>
        {
            await SocketServer.ReadRequestAsync(stream, token);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray(), token);
            await stream.ShutdownAsync();
        });
        using var connection = Open(server.Port, out _)!;
        Assert.True(connection.Send().IsNone);
        Assert.True(SpinWait.SpinUntil(() => !connection.IsReusable(idempotent: true), TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_session_is_resumed_only_on_request_and_with_the_same_roots(string version)
    {
        var (certificate, key) = _certificates.Files(_certificates.Server());
        using var server = await OpenSslServer.StartAsync(certificate, key, version);
        var trust = _certificates.Trust();
        // The page of OpenSSL's own server says whether it resumed the session.
        Assert.Contains("New, TLSv1", Page(trust, resume: true), StringComparison.Ordinal);
        Assert.Contains("Reused, TLSv1", Page(trust, resume: true), StringComparison.Ordinal);
        Assert.Contains("Reused, TLSv1", Page(trust, resume: true), StringComparison.Ordinal);
        Assert.Contains("New, TLSv1", Page(trust, resume: false), StringComparison.Ordinal);
        Assert.Contains("New, TLSv1", Page(_certificates.Trust(), resume: true), StringComparison.Ordinal);

        string Page(TlsContext roots, bool resume)
        {
            using var connection = Open(server.Port, roots, resume, out var problem);
            Assert.True(connection is not null, problem.Detail);
            Assert.True(connection.Send().IsNone);
            return connection.Response.Text();
        }
    }

    [Fact]
    public async Task A_session_that_the_server_does_not_know_needs_a_full_handshake()
    {
        var (certificate, key) = _certificates.Files(_certificates.Server());
        var trust = _certificates.Trust();
        using var first = await OpenSslServer.StartAsync(certificate, key, "-tls1_3");
        using (var connection = Open(first.Port, trust, resume: true, out _))
        {
            Assert.True(connection!.Send().IsNone);
        }

        // Another server does not know the session.
        using var second = await OpenSslServer.StartAsync(certificate, key, "-tls1_3");
        var session = trust.TakeSession($"localhost:{first.Port}");
        Assert.NotEqual(0, session);
        trust.KeepSession($"localhost:{second.Port}", session);
        using var again = Open(second.Port, trust, resume: true, out var problem);
        Assert.True(again is not null, problem.Detail);
        Assert.True(again.Send().IsNone);
        Assert.Contains("New, TLSv1", again.Response.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_of_roots_is_named()
    {
        Assert.False(TlsContext.Create("/nowhere/roots.pem", null, out _)!.LoadRoots(out var problem));
        Assert.Contains("/nowhere/roots.pem", problem, StringComparison.Ordinal);
    }

    private static async Task ServeAsync(SslStream stream, bool closeNotify, CancellationToken token)
    {
        await SocketServer.ReadRequestAsync(stream, token);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\npart"u8.ToArray(), token);
        if (closeNotify)
        {
            await stream.ShutdownAsync();
        }
    }

    private HttpConnection? Open(int port, out HttpProblem problem, string host = "localhost") =>
        HttpConnection.Open(new(true, host, port, "/"), _certificates.Roots(), HttpProxy.None, Exchange.Soon, Clock.System, out problem);

    private static HttpConnection? Open(int port, TlsContext roots, bool resume, out HttpProblem problem)
    {
        var (origin, trust) = (new Origin(true, "localhost", port, "/"), TestCertificates.Source(roots));
        return HttpConnection.Open(origin, trust, HttpProxy.None, Exchange.Soon, Clock.System, out problem, resume);
    }

    private void AssertRefused(int port, HttpFault fault, string reason)
    {
        using var connection = Open(port, out var problem);
        Assert.Null(connection);
        Assert.Equal(fault, problem.Fault);
        Assert.Contains(reason, problem.Detail, StringComparison.OrdinalIgnoreCase);
        Assert.False(problem.Written);
    }
}
