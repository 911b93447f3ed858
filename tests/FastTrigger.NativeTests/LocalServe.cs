using System.Diagnostics;

namespace FastTrigger.NativeTests;

/// <summary>`fasttrigger serve` as a child process, and what it prints for whoever wants to use it.</summary>
internal sealed class LocalServe : IAsyncDisposable
{
    private readonly Process _process;

    private LocalServe(Process process) => _process = process;

    /// <summary>Where AWS is.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The variables that it says to export.</summary>
    public Dictionary<string, string> Keys { get; } = [];

    public static async Task<LocalServe> StartAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Artifacts.Tool, ["serve", "--port", "0", .. arguments]) { WorkingDirectory = Artifacts.Root, RedirectStandardOutput = true };
        var serve = new LocalServe(Process.Start(start)!);
        while (serve.Url.Length == 0 || serve.Keys.Count == 0)
        {
            var line = await serve._process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("serve ended");
            if (line.StartsWith("http://", StringComparison.Ordinal))
            {
                serve.Url = line.Split(' ')[0];
            }
            else if (line.StartsWith("export ", StringComparison.Ordinal))
            {
                foreach (var pair in line[7..].Split(' '))
                {
                    serve.Keys[pair.Split('=')[0]] = pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..];
                }
            }
        }

        // Whatever the function logs goes on being printed.
        _ = serve._process.StandardOutput.ReadToEndAsync();
        return serve;
    }

    public async ValueTask DisposeAsync()
    {
        // Asked to end, serve cleans up. Not by SIGINT: who is started in the background may ignore it.
        using var interrupt = Process.Start("sh", ["-c", $"kill -TERM {_process.Id}"]);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
