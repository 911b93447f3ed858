using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FastTrigger.Tests.Support;

/// <summary>A server of others, as a child process on loopback.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Starts a server that says on a line of its output which port it has taken.</summary>
    /// <param name="port">The port in a line; null when the line says something else.</param>
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

    /// <summary>Starts a server that must be told its port: another one is tried when somebody has it.</summary>
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
                    // Not yet; or it has just found that the port is taken, and ends.
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

    private static Process Start(string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })
            ?? throw new InvalidOperationException($"{program} did not start");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
