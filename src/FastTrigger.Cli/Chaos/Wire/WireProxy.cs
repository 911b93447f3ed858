using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace FastTrigger.Cli.Chaos.Wire;

/// <summary>Forwards the bytes of TCP connections on loopback, in both directions, and lets faults happen to them.</summary>
internal sealed class WireProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<WireConnection, Task> _connections = new();
    private readonly Func<int?> _target;
    private readonly WireFaults _faults;
    private readonly Task _accepting;

    /// <param name="target">
    /// The server's port on loopback, which is asked for each connection; null for a proxy whose clients say it by CONNECT.
    /// </param>
    public WireProxy(Func<int?> target, WireFaults faults)
    {
        _target = target;
        _faults = faults;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var connection in _connections.Keys)
        {
            connection.Dispose();
        }

        await Task.WhenAll(_connections.Values);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            var connection = new WireConnection(client, _target(), _faults);
            _connections[connection] = connection.RunAsync().ContinueWith(
                _ => _connections.TryRemove(connection, out var _),
                TaskScheduler.Default);
        }
    }
}
