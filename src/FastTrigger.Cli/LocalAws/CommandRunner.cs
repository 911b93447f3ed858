using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// Runs a shell script as the SSM agent does: written to a file, given to sh, in a process group of its own that is ended with it when its
/// time is over. Output is kept up to what GetCommandInvocation shows.
/// </summary>
internal static partial class CommandRunner
{
    /// <summary>GetCommandInvocation shows the first 24,000 characters of output and 8,000 of errors.</summary>
    private const int MostOutput = 24_000, MostError = 8_000;

    public static async Task RunAsync(LocalInstance instance, LocalInvocation invocation, string script, string? workingDirectory, TimeSpan timeout, CancellationToken cancelled, CancellationToken end)
    {
        var file = Path.Combine(Path.GetDirectoryName(instance.Directory)!, Guid.NewGuid().ToString("n") + ".sh");
        await File.WriteAllTextAsync(file, script, end);
        invocation.Status = "InProgress";
        var start = new ProcessStartInfo("setsid")
        {
            ArgumentList = { "sh", file },
            WorkingDirectory = workingDirectory ?? instance.Directory,
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
            invocation.Script = script;
            invocation.Kill = () => _ = Kill(-process.Id, 9);
            var output = ReadAsync(process.StandardOutput, MostOutput);
            var error = ReadAsync(process.StandardError, MostError);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(end, cancelled);
            limit.CancelAfter(timeout);
            try
            {
                await process.WaitForExitAsync(limit.Token);
                invocation.ExitCode = process.ExitCode;
            }
            catch (OperationCanceledException)
            {
                // setsid made the process the leader of a group that has its number.
                _ = Kill(-process.Id, 9);
                await process.WaitForExitAsync(CancellationToken.None);
            }

            invocation.Kill = null;
            // A child left behind may hold the pipes open: its group ends with the script.
            _ = Kill(-process.Id, 9);
            invocation.StandardOutput = await output;
            invocation.StandardError = await error;
            invocation.Status = cancelled.IsCancellationRequested ? "Cancelled" : limit.IsCancellationRequested ? "TimedOut" : invocation.ExitCode == 0 ? "Success" : "Failed";
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            invocation.StandardError = e.Message;
            invocation.Status = "Failed";
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, int most)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        for (var count = await reader.ReadAsync(buffer); count > 0; count = await reader.ReadAsync(buffer))
        {
            text.Append(buffer, 0, Math.Min(count, most - text.Length));
        }

        return text.ToString();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
