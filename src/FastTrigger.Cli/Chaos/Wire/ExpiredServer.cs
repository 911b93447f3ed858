using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace FastTrigger.Cli.Chaos.Wire;

/// <summary>A TLS server whose certificate has expired. It counts the clients that send a request nevertheless.</summary>
internal sealed class ExpiredServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly Task _accepting;
    private int _shown, _trusted;

    public ExpiredServer(X509Certificate2 certificate)
    {
        _certificate = certificate;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The number of handshakes that it took part in.</summary>
    public int Shown => _shown;

    /// <summary>The number of clients that sent it something.</summary>
    public int Trusted => _trusted;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        _certificate.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync();
                _ = ShowAsync(client);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ShowAsync(TcpClient client)
    {
        Interlocked.Increment(ref _shown);
        using (client)
        {
            try
            {
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(_certificate);
                // With TLS 1.3 the server is ready before the client has judged the certificate.
                if (await tls.ReadAsync(new byte[1]) > 0)
                {
                    Interlocked.Increment(ref _trusted);
                }
            }
            catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
            {
                // That is what a client should do.
            }
        }
    }
}
