using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FastTrigger.Tests.Support;

/// <summary>A third-party server, as a child process on loopback.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Starts a server that prints its port on a line of its output.</summary>
    /// <param name="port">Finds the port in a line. Null means that the line has none.</param>
    public static async Task<ServerProcess> StartAsync(string program, string[] arguments, Func<string, int?> port)
    {
        var process = Start(program, arguments);
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (port(line) is { } found)
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new(process, found);
            }
        }

        throw new InvalidOperationException($"{program} ended: {await process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Starts a server that takes its port as an argument. When the port is in use, another one is tried.</summary>
    public static async Task<ServerProcess> StartOnPortAsync(string program, Func<int, string[]> arguments)
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var port = FreePort();
            var process = Start(program, arguments(port));
            while (!process.HasExited)
            {
                using var client = new TcpClient();
                try
                {
                    await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
                    return new(process, port);
                }
                catch (SocketException)
                {
                    // The server does not listen yet, or it found its port in use and exits.
                }
            }
        }

        throw new InvalidOperationException($"{program} did not start");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
