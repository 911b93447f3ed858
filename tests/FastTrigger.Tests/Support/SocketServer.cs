using System.Net;
using System.Net.Sockets;

namespace FastTrigger.Tests.Support;

/// <summary>A server on loopback. The test decides what happens on each connection.</summary>
internal sealed class SocketServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private int _accepted;

    public SocketServer(Func<int, NetworkStream, CancellationToken, Task> serve)
    {
        _listener.Start();
        _accepting = AcceptAsync(serve);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The number of accepted connections.</summary>
    public int Accepted => _accepted;

    /// <summary>Answers the requests of each connection with these bytes, in order.</summary>
    public static SocketServer Answering(params byte[][] answers) => new(async (_, stream, token) =>
    {
        foreach (var answer in answers)
        {
            if (await ReadRequestAsync(stream, token) is null)
            {
                return;
            }

            await stream.WriteAsync(answer, token);
        }

        await Task.Delay(Timeout.Infinite, token);
    });

    /// <summary>Head and body of a request. Null when the peer closed the connection.</summary>
    public static async Task<string?> ReadRequestAsync(Stream stream, CancellationToken token)
    {
        var text = new StringBuilder();
        var buffer = new byte[65536];
        while (true)
        {
            var all = text.ToString();
            var head = all.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head >= 0)
            {
                if (all.Length >= head + 4 + ContentLength(all[..head]))
                {
                    return all;
                }
            }

            var count = await stream.ReadAsync(buffer, token);
            if (count == 0)
            {
                return null;
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
    }

    private static int ContentLength(string head) => head
        .Split("\r\n")
        .Select(line => line.Split(':', 2))
        .Where(pair => pair[0].Equals("content-length", StringComparison.OrdinalIgnoreCase))
        .Select(pair => int.Parse(pair[1], provider: null))
        .FirstOrDefault();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync(Func<int, NetworkStream, CancellationToken, Task> serve)
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                running.Add(ServeAsync(client, _accepted++, serve));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task ServeAsync(TcpClient client, int index, Func<int, NetworkStream, CancellationToken, Task> serve)
    {
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await serve(index, client.GetStream(), _end.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The peer closed the connection, or the test ended.
            }
        }
    }
}
