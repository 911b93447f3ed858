using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace FastTrigger.Tests.Support;

/// <summary>An https server on .NET's TLS, which shares no code with the client under test.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private static readonly byte[] s_answer = Exchange.Ok(Exchange.Tagged);

    private readonly SocketServer _server;

    public TlsServer(
        X509Certificate2 certificate,
        X509Certificate2? intermediate = null,
        Func<SslStream, CancellationToken, Task>? serve = null)
    {
        X509Certificate2Collection? chain = intermediate is null ? null : [intermediate];
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        _server = new(async (_, stream, token) =>
        {
            await using var tls = new SslStream(stream);
            try
            {
                await tls.AuthenticateAsServerAsync(options, token);
            }
            catch (Exception e) when (e is AuthenticationException or IOException)
            {
                return;
            }

            ServerName = tls.TargetHostName;
            await (serve ?? AnswerAsync)(tls, token);
        });
    }

    public int Port => _server.Port;

    public int Accepted => _server.Accepted;

    /// <summary>The server name (SNI) that the last client sent.</summary>
    public string? ServerName { get; private set; }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task AnswerAsync(SslStream stream, CancellationToken token)
    {
        while (await SocketServer.ReadRequestAsync(stream, token) is not null)
        {
            await stream.WriteAsync(s_answer, token);
        }
    }
}
