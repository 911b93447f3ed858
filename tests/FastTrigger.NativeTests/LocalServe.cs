using System.Collections.Concurrent;
using System.Diagnostics;

namespace FastTrigger.NativeTests;

/// <summary>`fasttrigger serve` as a child process, with the endpoint and the keys that it prints.</summary>
internal sealed class LocalServe : IAsyncDisposable
{
    private readonly Process _process;

    private LocalServe(Process process) => _process = process;

    /// <summary>The AWS endpoint.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The variables that it prints to export.</summary>
    public Dictionary<string, string> Keys { get; } = [];

    /// <summary>The lines of its standard error.</summary>
    public ConcurrentQueue<string> Errors { get; } = new();

    public static async Task<LocalServe> StartAsync(params string[] arguments)
    {
        var routes = arguments.Contains("--routes") ? [] : Artifacts.DemoRoutes;
        var start = new ProcessStartInfo(Artifacts.Tool, ["serve", "--port", "0", .. routes, .. arguments])
        {
            WorkingDirectory = Artifacts.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var serve = new LocalServe(Process.Start(start)!);
        serve._process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
            {
                serve.Errors.Enqueue(text);
            }
        };
        serve._process.BeginErrorReadLine();
        while (serve.Url.Length == 0 || serve.Keys.Count == 0)
        {
            var line = await serve._process.StandardOutput.ReadLineAsync()
                ?? throw new InvalidOperationException($"serve ended: {string.Join('\n', serve.Errors)}");
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

        // The pipe must be read while the function logs.
        _ = serve._process.StandardOutput.ReadToEndAsync();
        return serve;
    }

    /// <summary>Waits for a line of standard error.</summary>
    public void AssertReports(string expected) => Assert.True(
        SpinWait.SpinUntil(() => Errors.Any(line => line.Contains(expected, StringComparison.Ordinal)), TimeSpan.FromSeconds(20)),
        $"no {expected} in:\n{string.Join('\n', Errors)}");

    public async ValueTask DisposeAsync()
    {
        // SIGTERM lets serve clean up. A background process may ignore SIGINT.
        using var interrupt = Process.Start("sh", ["-c", $"kill -TERM {_process.Id}"]);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
