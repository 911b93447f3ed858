using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace FastTrigger.Cli.LocalAws;

/// <summary>A script and how to run it.</summary>
/// <param name="Folder">The working directory; null for the instance's own.</param>
internal sealed record ScriptRun(string Script, string? Folder, TimeSpan Timeout);

/// <summary>
/// Runs a shell script as the SSM agent does: sh runs a file, in its own process group, which ends with the script or at the timeout. The
/// output is kept up to the limits of GetCommandInvocation.
/// </summary>
internal static partial class CommandRunner
{
    /// <summary>The PATH of the scripts.</summary>
    public const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>GetCommandInvocation returns the first 24,000 characters of output and 8,000 of errors.</summary>
    private const int MaxOutput = 24_000, MaxError = 8_000;

    /// <summary>A sandbox dies with its parent, the thread that started it: one thread starts all of them and never ends.</summary>
    private static readonly Lazy<BlockingCollection<Action>> s_starts = new(BeginStarts);

    /// <param name="end">Ends the command with the world.</param>
    public static async Task RunAsync(
        ScriptShell shell,
        LocalInstance instance,
        LocalInvocation invocation,
        ScriptRun run,
        CancellationToken end)
    {
        invocation.Script = run.Script;
        if (shell == ScriptShell.None)
        {
            (invocation.ExitCode, invocation.Status) = (0, "Success");
            return;
        }

        if (shell == ScriptShell.Isolated && Sandbox.Problem is { } problem)
        {
            invocation.NotExecuted = $"nothing can be isolated here: {problem}; --shell host runs it on this machine, as you";
            invocation.StandardError = $"not executed: {invocation.NotExecuted}";
            invocation.Status = "Failed";
            return;
        }

        var file = Path.Combine(Path.GetDirectoryName(instance.Directory)!, Guid.NewGuid().ToString("n") + ".sh");
        await File.WriteAllTextAsync(file, run.Script, end);
        invocation.Status = "InProgress";
        var start = shell == ScriptShell.Isolated ? Sandbox.Start(instance, file, run.Folder) : OnHost(instance, file, run.Folder);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        try
        {
            using var process = await StartAsync(start);
            process.StandardInput.Close();
            // setsid made the process the leader of a group with the same number, which is known after the process has ended too.
            var group = -process.Id;
            invocation.Kill = () => _ = Kill(group, 9);
            var output = ReadAsync(process.StandardOutput, MaxOutput);
            var error = ReadAsync(process.StandardError, MaxError);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(end, invocation.Cancellation.Token);
            limit.CancelAfter(run.Timeout);
            try
            {
                await process.WaitForExitAsync(limit.Token);
                invocation.ExitCode = process.ExitCode;
            }
            catch (OperationCanceledException)
            {
                _ = Kill(group, 9);
                await process.WaitForExitAsync(CancellationToken.None);
            }

            invocation.Kill = null;
            // A remaining child may hold the pipes open, so the group ends with the script.
            _ = Kill(group, 9);
            invocation.StandardOutput = await output;
            invocation.StandardError = await error;
            invocation.Status = invocation.Cancellation.IsCancellationRequested ? "Cancelled"
                : limit.IsCancellationRequested ? "TimedOut"
                : invocation.ExitCode == 0 ? "Success"
                : "Failed";
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            invocation.StandardError = e.Message;
            invocation.Status = "Failed";
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static ProcessStartInfo OnHost(LocalInstance instance, string file, string? folder)
    {
        var start = new ProcessStartInfo("setsid") { ArgumentList = { "sh", file }, WorkingDirectory = folder ?? instance.Directory };
        start.Environment.Clear();
        start.Environment["PATH"] = SearchPath;
        start.Environment["HOME"] = instance.Directory;
        start.Environment["FASTTRIGGER_ONCE_DIR"] = instance.OnceDirectory;
        return start;
    }

    private static Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_starts.Value.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Win32Exception e)
            {
                started.SetException(e);
            }
        });
        return started.Task;
    }

    private static BlockingCollection<Action> BeginStarts()
    {
        var starts = new BlockingCollection<Action>();
        var thread = new Thread(() =>
        {
            foreach (var start in starts.GetConsumingEnumerable())
            {
                start();
            }
        });
        thread.IsBackground = true;
        thread.Start();
        return starts;
    }

    private static async Task<string> ReadAsync(StreamReader reader, int max)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        for (var count = await reader.ReadAsync(buffer); count > 0; count = await reader.ReadAsync(buffer))
        {
            text.Append(buffer, 0, Math.Min(count, max - text.Length));
        }

        return text.ToString();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
