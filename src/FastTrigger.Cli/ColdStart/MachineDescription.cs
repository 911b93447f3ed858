using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.ColdStart;

/// <summary>The machine, the commit and the time of a measurement.</summary>
/// <param name="Commit">The commit of the current folder, with a plus when tracked files differ from it.</param>
internal sealed record MachineDescription(
    string Processor,
    int Cores,
    string Architecture,
    string Kernel,
    string System,
    double MemoryGigabytes,
    string Commit,
    DateTimeOffset At)
{
    public static MachineDescription Read() => new(
        Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        Field("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? RuntimeInformation.OSDescription,
        Math.Round(ReadMemoryKib() / 1024 / 1024, 1),
        ReadCommit(),
        DateTimeOffset.UtcNow);

    public JsonObject ToJson() => new()
    {
        ["processor"] = Processor,
        ["cores"] = Cores,
        ["architecture"] = Architecture,
        ["kernel"] = Kernel,
        ["system"] = System,
        ["memoryGb"] = MemoryGigabytes,
    };

    private static string? Field(string file, string name, char separator = ':')
    {
        if (!File.Exists(file))
        {
            return null;
        }

        var line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line?[(line.IndexOf(separator) + 1)..].Trim();
    }

    private static double ReadMemoryKib()
    {
        var total = Field("/proc/meminfo", "MemTotal") ?? "0 kB";
        return double.Parse(total.Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private static string ReadCommit()
    {
        var commit = Git("rev-parse", "--short", "HEAD");
        var changed = Git("status", "--porcelain", "--untracked-files=no").Length > 0;
        return commit.Length == 0 ? "unknown" : changed ? commit + "+" : commit;
    }

    private static string Git(params string[] arguments)
    {
        try
        {
            var git = new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(git)!;
            var output = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : "";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "";
        }
    }
}
