using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace FastTrigger.Cli.LocalAws;

/// <summary>A script and how to run it.</summary>
/// <param name="Folder">The working directory; null for the instance's own.</param>
internal sealed record ScriptRun(string Script, string? Folder, TimeSpan Timeout, CancellationToken Cancelled);

/// <summary>
/// Runs a shell script as the SSM agent does: sh runs a file, in its own process group, which ends with the script or at the timeout. The
/// output is kept up to the limits of GetCommandInvocation.
/// </summary>
internal static partial class CommandRunner
{
    /// <summary>GetCommandInvocation returns the first 24,000 characters of output and 8,000 of errors.</summary>
    private const int MaxOutput = 24_000, MaxError = 8_000;

    /// <param name="end">Ends the command with the world.</param>
    public static async Task RunAsync(LocalInstance instance, LocalInvocation invocation, ScriptRun run, CancellationToken end)
    {
        var file = Path.Combine(Path.GetDirectoryName(instance.Directory)!, Guid.NewGuid().ToString("n") + ".sh");
        await File.WriteAllTextAsync(file, run.Script, end);
        invocation.Status = "InProgress";
        var start = new ProcessStartInfo("setsid")
        {
            ArgumentList = { "sh", file },
            WorkingDirectory = run.Folder ?? instance.Directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["HOME"] = instance.Directory;
        start.Environment["FASTTRIGGER_ONCE_DIR"] = instance.OnceDirectory;
        try
        {
            using var process = Process.Start(start) ?? throw new InvalidOperationException("sh did not start");
            process.StandardInput.Close();
            invocation.Script = run.Script;
            invocation.Kill = () => _ = Kill(-process.Id, 9);
            var output = ReadAsync(process.StandardOutput, MaxOutput);
            var error = ReadAsync(process.StandardError, MaxError);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(end, run.Cancelled);
            limit.CancelAfter(run.Timeout);
            try
            {
                await process.WaitForExitAsync(limit.Token);
                invocation.ExitCode = process.ExitCode;
            }
            catch (OperationCanceledException)
            {
                // setsid made the process the leader of a group with the same number.
                _ = Kill(-process.Id, 9);
                await process.WaitForExitAsync(CancellationToken.None);
            }

            invocation.Kill = null;
            // A remaining child may hold the pipes open, so the group ends with the script.
            _ = Kill(-process.Id, 9);
            invocation.StandardOutput = await output;
            invocation.StandardError = await error;
            invocation.Status = run.Cancelled.IsCancellationRequested ? "Cancelled"
                : limit.IsCancellationRequested ? "TimedOut"
                : invocation.ExitCode == 0 ? "Success"
                : "Failed";
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            invocation.StandardError = e.Message;
            invocation.Status = "Failed";
        }
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
