using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.ColdStart;

/// <summary>Where a measurement was made: without that it is worth nothing.</summary>
internal sealed record MachineDescription(string Processor, int Cores, string Architecture, string Kernel, string System, double MemoryGigabytes, string Commit, DateTimeOffset At)
{
    public static MachineDescription Read() => new(
        Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        Field("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? RuntimeInformation.OSDescription,
        Math.Round(double.Parse((Field("/proc/meminfo", "MemTotal") ?? "0 kB").Split(' ')[0], CultureInfo.InvariantCulture) / 1024 / 1024, 1),
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

    /// <summary>Of the folder this is run in; with a plus when files differ from it.</summary>
    private static string ReadCommit() => Git("rev-parse", "--short", "HEAD") is { Length: > 0 } commit ? commit + (Git("status", "--porcelain", "--untracked-files=no").Length > 0 ? "+" : "") : "unknown";

    private static string Git(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
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
