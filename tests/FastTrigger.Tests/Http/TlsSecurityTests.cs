using System.Diagnostics;
using System.Net.Security;
using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Http;

/// <summary>The security suite of the OpenSSL binding: every way in which a peer may be the wrong one.</summary>
public sealed class TlsSecurityTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task A_right_certificate_is_believed_and_the_name_is_sent_as_SNI()
    {
        await using var server = new TlsServer(_certificates.Server());
        using var connection = Open(server.Port, out var problem);
        Assert.True(connection is not null, problem.Detail);
        Assert.True(connection.Send().IsNone);
        Assert.Equal("ok", connection.Response.Text());
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
    public async Task A_chain_with_its_intermediate_is_believed()
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
        // .NET's server would not show such a certificate at all.
        var (certificate, key) = _certificates.Files(_certificates.Server(sha1: true));
        using var server = await StartOpenSslServerAsync(certificate, key, "-tls1_2");
        AssertRefused(server.Port, HttpFault.Tls, "too weak");
    }

    [Fact]
    public async Task TLS_1_1_is_refused_and_TLS_1_2_is_not()
    {
        var (certificate, key) = _certificates.Files(_certificates.Server());
        using var old = await StartOpenSslServerAsync(certificate, key, "-tls1_1");
        AssertRefused(old.Port, HttpFault.Tls, "");
        using var current = await StartOpenSslServerAsync(certificate, key, "-tls1_2");
        using var connection = Open(current.Port, out var problem);
        Assert.True(connection is not null, problem.Detail);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u0016\u0003\u0003\u0000\u007a\u0002\u0000\u0000")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    public async Task A_handshake_that_is_cut_off_or_is_none_is_an_error(string bytes)
    {
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            _ = await stream.ReadAsync(new byte[1], token);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes), token);
        });
        AssertRefused(server.Port, HttpFault.Tls, "");
    }

    [Fact]
    public async Task A_handshake_that_never_ends_is_given_up_at_the_deadline()
    {
        await using var server = new SocketServer((_, _, token) => Task.Delay(Timeout.Infinite, token));
        Assert.Null(HttpConnection.Open(new(true, "localhost", server.Port, "/"), _certificates.Roots(), HttpProxy.None, Deadline.In(Clock.System, 100), Clock.System, out var problem));
        Assert.Equal(HttpFault.Timeout, problem.Fault);
    }

    [Fact]
    public async Task A_body_that_ends_without_close_notify_is_truncated_not_complete()
    {
        await using var cut = new TlsServer(_certificates.Server(), serve: (stream, token) => ServeUnsizedAsync(stream, notify: false, token));
        using var connection = Open(cut.Port, out _)!;
        Assert.Equal(HttpFault.Reset, connection.Send().Fault);

        await using var whole = new TlsServer(_certificates.Server(), serve: (stream, token) => ServeUnsizedAsync(stream, notify: true, token));
        using var other = Open(whole.Port, out _)!;
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
    public async Task A_session_is_taken_up_again_by_who_asks_for_it_and_by_the_same_roots_only(string version)
    {
        var (certificate, key) = _certificates.Files(_certificates.Server());
        using var server = await StartOpenSslServerAsync(certificate, key, version);
        var trust = _certificates.Trust();
        // OpenSSL's own server tells in its page whether it knew the session.
        Assert.Contains("New, TLSv1", Page(trust, resume: true), StringComparison.Ordinal);
        Assert.Contains("Reused, TLSv1", Page(trust, resume: true), StringComparison.Ordinal);
        Assert.Contains("Reused, TLSv1", Page(trust, resume: true), StringComparison.Ordinal);
        Assert.Contains("New, TLSv1", Page(trust, resume: false), StringComparison.Ordinal);
        Assert.Contains("New, TLSv1", Page(_certificates.Trust(), resume: true), StringComparison.Ordinal);

        string Page(TlsContext roots, bool resume)
        {
            using var connection = HttpConnection.Open(new(true, "localhost", server.Port, "/"), TestCertificates.Source(roots), HttpProxy.None, Exchange.Soon, Clock.System, out var problem, resume);
            Assert.True(connection is not null, problem.Detail);
            Assert.True(connection.Send().IsNone);
            return connection.Response.Text();
        }
    }

    [Fact]
    public async Task A_session_that_the_server_has_forgotten_is_a_handshake_in_full()
    {
        var (certificate, key) = _certificates.Files(_certificates.Server());
        var trust = _certificates.Trust();
        using var first = await StartOpenSslServerAsync(certificate, key, "-tls1_3");
        using (var connection = HttpConnection.Open(new(true, "localhost", first.Port, "/"), TestCertificates.Source(trust), HttpProxy.None, Exchange.Soon, Clock.System, out _, resume: true))
        {
            Assert.True(connection!.Send().IsNone);
        }

        // Another server never knew it.
        using var second = await StartOpenSslServerAsync(certificate, key, "-tls1_3");
        var session = trust.TakeSession($"localhost:{first.Port}");
        Assert.NotEqual(0, session);
        trust.KeepSession($"localhost:{second.Port}", session);
        using var again = HttpConnection.Open(new(true, "localhost", second.Port, "/"), TestCertificates.Source(trust), HttpProxy.None, Exchange.Soon, Clock.System, out var problem, resume: true);
        Assert.True(again is not null, problem.Detail);
        Assert.True(again.Send().IsNone);
        Assert.Contains("New, TLSv1", again.Response.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_roots_file_that_is_none_is_named()
    {
        Assert.False(TlsContext.Create("/nowhere/roots.pem", null, out _)!.LoadRoots(out var problem));
        Assert.Contains("/nowhere/roots.pem", problem, StringComparison.Ordinal);
    }

    private static async Task ServeUnsizedAsync(SslStream stream, bool notify, CancellationToken token)
    {
        await SocketServer.ReadRequestAsync(stream, token);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\npart"u8.ToArray(), token);
        if (notify)
        {
            await stream.ShutdownAsync();
        }
    }

    private static async Task<OpenSslServer> StartOpenSslServerAsync(string certificate, string key, string version)
    {
        var start = new ProcessStartInfo("openssl") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in (string[])["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, version, "-cipher", "DEFAULT:@SECLEVEL=0", "-www"])
        {
            start.ArgumentList.Add(argument);
        }

        // Debian's own configuration would refuse TLS 1.1 before the client can.
        start.Environment["OPENSSL_CONF"] = "/dev/null";
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            // "ACCEPT 127.0.0.1:40123"
            if (line.StartsWith("ACCEPT ", StringComparison.Ordinal))
            {
                return new(process, int.Parse(line[(line.LastIndexOf(':') + 1)..], provider: null));
            }
        }

        throw new InvalidOperationException("openssl s_server did not start: " + await process.StandardError.ReadToEndAsync());
    }

    private HttpConnection? Open(int port, out HttpProblem problem, string host = "localhost") =>
        HttpConnection.Open(new(true, host, port, "/"), _certificates.Roots(), HttpProxy.None, Exchange.Soon, Clock.System, out problem);

    private void AssertRefused(int port, HttpFault fault, string reason)
    {
        using var connection = Open(port, out var problem);
        Assert.Null(connection);
        Assert.Equal(fault, problem.Fault);
        Assert.Contains(reason, problem.Detail, StringComparison.OrdinalIgnoreCase);
        Assert.False(problem.Written);
    }

    private sealed record OpenSslServer(Process Process, int Port) : IDisposable
    {
        public void Dispose()
        {
            Process.Kill();
            Process.Dispose();
        }
    }
}
