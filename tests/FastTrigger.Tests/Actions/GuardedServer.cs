using System.Diagnostics;
using FastTrigger.Actions.RunCommand;

namespace FastTrigger.Tests.Actions;

/// <summary>A server on which the guard runs, in the shells of servers.</summary>
public abstract class GuardedServer : IDisposable
{
    protected const string Key = "aabbccddeeff00112233445566778899aabbccddeeff00112233445566778899";

    private static readonly string[] s_tools =
        ["sh", "mkdir", "chmod", "find", "id", "ln", "readlink", "cat", "mv", "rm", "sync", "sleep", "tr", "wc", "ls"];

    private static readonly Lazy<string> s_busyboxPath = new(() => Tools("busybox", _ => "busybox", s_tools));
    private static readonly Lazy<string> s_flockPath = new(() => Tools("flock", tool => tool, "flock"));
    private static readonly Lazy<string> s_pathWithoutFlock = new(() => Tools("no-flock", tool => tool, s_tools));

    protected string Folder { get; } = Directory.CreateTempSubdirectory("fasttrigger-once-").FullName;

    public static TheoryData<string> Shells => ["dash", "bash", "busybox", "without flock", "busybox without flock"];

    protected string State => Path.Combine(Folder, "var", "once");

    protected string Log => Path.Combine(Folder, "log");

    protected int Runs => File.Exists(Log) ? File.ReadAllLines(Log).Length : 0;

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The guard around a command that adds a line to the log each time it runs.</summary>
    protected string Guard(string after = "", string key = Key, bool rerun = false) =>
        new CommandScript(CommandShell.Sh, $"echo ran >>{Log}{after}", key, rerun).Write([]);

    protected (int ExitCode, string Output, string Error) Run(
        string shell,
        string script,
        string? option = null,
        string? state = null,
        string umask = "022")
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        var (program, path) = shell switch
        {
            "busybox" => ("/bin/busybox sh", $"{s_busyboxPath.Value}:{s_flockPath.Value}"),
            "busybox without flock" => ("/bin/busybox sh", s_busyboxPath.Value),
            "without flock" => ("sh", s_pathWithoutFlock.Value),
            _ => (shell, "/usr/bin:/bin"),
        };
        start.Environment["PATH"] = path;
        start.Environment["FASTTRIGGER_ONCE_DIR"] = state ?? State;
        var file = Path.Combine(Folder, Guid.NewGuid().ToString("n") + ".sh");
        File.WriteAllText(file, script);
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"umask {umask}; exec {program} {option} {file}");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>A folder with links to programs, which becomes the PATH of a shell.</summary>
    /// <param name="program">The program that a tool's link leads to.</param>
    private static string Tools(string name, Func<string, string> program, params string[] tools)
    {
        var folder = Directory.CreateTempSubdirectory($"fasttrigger-{name}-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        foreach (var tool in tools)
        {
            string[] candidates = ["/bin/" + program(tool), "/usr/bin/" + program(tool)];
            File.CreateSymbolicLink(Path.Combine(folder, tool), candidates.First(File.Exists));
        }

        return folder;
    }
}
