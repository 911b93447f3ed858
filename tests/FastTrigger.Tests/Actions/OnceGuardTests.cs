using System.Diagnostics;
using FastTrigger.Actions.RunCommand;

namespace FastTrigger.Tests.Actions;

/// <summary>The guard in the shells of servers: dash, bash and busybox, with and without flock, killed at every line.</summary>
public sealed class OnceGuardTests : IDisposable
{
    private const string Key = "aabbccddeeff00112233445566778899aabbccddeeff00112233445566778899";

    private static readonly string[] s_tools =
        ["sh", "mkdir", "chmod", "find", "ln", "readlink", "cat", "mv", "rm", "sync", "sleep", "tr", "wc", "ls"];

    private static readonly Lazy<string> s_busyboxPath = new(() => Tools("busybox", _ => "busybox", s_tools));
    private static readonly Lazy<string> s_flockPath = new(() => Tools("flock", tool => tool, "flock"));
    private static readonly Lazy<string> s_pathWithoutFlock = new(() => Tools("no-flock", tool => tool, s_tools));

    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-once-").FullName;

    public static TheoryData<string> Shells => ["dash", "bash", "busybox", "without flock", "busybox without flock"];

    private string State => Path.Combine(_folder, "var", "once");

    private string Log => Path.Combine(_folder, "log");

    private int Runs => File.Exists(Log) ? File.ReadAllLines(Log).Length : 0;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_command_that_succeeded_is_not_run_again_C4_2(string shell)
    {
        Assert.Equal(0, Run(shell, Guard()).ExitCode);
        var second = Run(shell, Guard());
        Assert.Equal(0, second.ExitCode);
        Assert.Contains("already done on this server", second.Error, StringComparison.Ordinal);
        Assert.Equal(1, Runs);
        Assert.Equal(0, Run(shell, Guard(key: Key.Replace('a', 'b'))).ExitCode);
        Assert.Equal(2, Runs);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(State));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_command_that_failed_may_run_again_and_its_code_is_passed_on_C4_2(string shell)
    {
        Assert.Equal(5, Run(shell, Guard("; exit 5")).ExitCode);
        Assert.Equal(0, Run(shell, Guard()).ExitCode);
        Assert.Equal(2, Runs);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Killed_at_any_line_it_never_runs_twice_C4_2(string shell)
    {
        var lines = Guard().Split('\n');
        var killed = 0;
        for (var at = 1; at < lines.Length; at++)
        {
            Reset();
            var script = string.Join('\n', [.. lines[..at], "kill -9 $$", .. lines[at..]]);
            if (Run(shell, script, "-n").ExitCode != 0)
            {
                // The line is inside a command, so the script with the kill is not valid.
                continue;
            }

            killed += Run(shell, script).ExitCode == 137 ? 1 : 0;
            var again = Run(shell, Guard());
            var runs = Runs;
            var context = $"before line {at}, '{lines[at]}': {runs} runs, then exit code {again.ExitCode} {again.Error}";
            Assert.True(runs == 1 || (runs == 0 && again.ExitCode == OnceGuard.Interrupted), context);
            Assert.True(again.ExitCode is 0 or OnceGuard.Interrupted, context);
        }

        Assert.True(killed > 20, $"killed {killed} times only");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void An_interrupted_run_is_reported_or_run_again_as_the_route_says_C4_2(string shell)
    {
        Run(shell, Guard("; kill -9 $PPID"));
        Assert.Equal(1, Runs);
        var again = Run(shell, Guard());
        Assert.Equal(OnceGuard.Interrupted, again.ExitCode);
        Assert.Contains("was interrupted", again.Error, StringComparison.Ordinal);
        Assert.Equal(1, Runs);
        Assert.Equal(0, Run(shell, Guard(rerun: true)).ExitCode);
        Assert.Equal(2, Runs);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Of_several_at_once_one_runs_and_the_others_wait_for_its_outcome_C4_2(string shell)
    {
        // The first run fails, so the second runs. The others then find the command done.
        var script = Guard($"; [ $(wc -l <{Log}) -ge 2 ]");
        var all = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => Run(shell, script))));
        Assert.Equal(2, Runs);
        Assert.Equal([0, 0, 0, 0, 1], all.Select(run => run.ExitCode).Order());
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void The_command_has_neither_the_locks_nor_the_guards_umask(string shell)
    {
        var seen = Run(shell, Guard("; ls -l /proc/self/fd 2>/dev/null; umask"), umask: "027");
        Assert.DoesNotContain(Key, seen.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(".lock", seen.Output, StringComparison.Ordinal);
        Assert.Contains("0027", seen.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void After_a_requested_reboot_the_command_runs_again_and_not_before_C4_2(string shell)
    {
        var rebooting = Guard($"; [ $(wc -l <{Log}) -ge 2 ] || exit 194");
        Assert.Equal(OnceGuard.RebootLinux, Run(shell, rebooting).ExitCode);
        // A second delivery before the reboot.
        var duplicate = Run(shell, rebooting);
        Assert.Equal(OnceGuard.Interrupted, duplicate.ExitCode);
        Assert.Contains("waiting for the reboot", duplicate.Error, StringComparison.Ordinal);
        Assert.Equal(1, Runs);
        // The agent runs the command again after the reboot, when the machine has another boot id.
        File.WriteAllText(Path.Combine(State, Key + ".rebooting"), "00000000-0000-0000-0000-000000000000\n");
        Assert.Equal(0, Run(shell, rebooting).ExitCode);
        Assert.Equal(2, Runs);
        Assert.Equal(0, Run(shell, rebooting).ExitCode);
        Assert.Equal(2, Runs);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void On_a_full_disk_nothing_runs_C4_2(string shell)
    {
        // Files can be created but no byte can be written, as on a full disk.
        var full = Run(shell, "trap '' XFSZ\nulimit -f 0\n" + Guard());
        Assert.Equal(OnceGuard.NoState, full.ExitCode);
        Assert.Contains("nothing was run", full.Error, StringComparison.Ordinal);
        Assert.Equal(0, Run(shell, Guard()).ExitCode);
        Assert.Equal(1, Runs);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void State_that_belongs_to_another_user_or_is_a_link_is_refused_C4_2(string shell)
    {
        var elsewhere = Directory.CreateDirectory(Path.Combine(_folder, "elsewhere", "once")).FullName;
        var link = Path.Combine(_folder, "link");
        Directory.CreateSymbolicLink(link, elsewhere);
        AssertRefused(shell, link);
        AssertRefused(shell, link + "/");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "parent"), Path.GetDirectoryName(elsewhere)!);
        AssertRefused(shell, Path.Combine(_folder, "parent", "once"));
        AssertRefused(shell, "/dev/null");
        var foreign = ForeignDirectory();
        AssertRefused(shell, foreign);
        if (Environment.UserName == "root")
        {
            AssertRefused(shell, Directory.CreateDirectory(Path.Combine(foreign, "once")).FullName);
        }

        Assert.Equal(0, Runs);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Entries_are_removed_after_fifteen_days_C4_2(string shell)
    {
        Assert.Equal(0, Run(shell, Guard()).ExitCode);
        var withoutFlock = shell.EndsWith("without flock", StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(State, Key + ".*"))
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(withoutFlock ? -1 : -17));
        }

        Assert.Equal(0, Run(shell, Guard(key: Key.Replace('a', 'b'))).ExitCode);
        // Without flock a guard cannot know that no other guard runs, so it removes nothing.
        Assert.Equal(withoutFlock, Directory.GetFiles(State, Key + ".*").Length > 0);
        Assert.Equal(0, Run(shell, Guard(key: Key.Replace('a', 'b'))).ExitCode);
        Assert.Equal(2, Runs);
    }

    [Fact]
    public void Variables_of_the_agent_do_not_change_what_the_guard_does()
    {
        var script = "ft_dir=/nowhere ft_key=x ft_lock=y ft_at=z; export ft_dir ft_key ft_lock ft_at\n" + Guard();
        Assert.Equal(0, Run("dash", script).ExitCode);
        Assert.True(File.Exists(Path.Combine(State, Key + ".done")));
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

    private string ForeignDirectory()
    {
        if (Environment.UserName != "root")
        {
            return "/usr/lib";
        }

        var folder = Directory.CreateDirectory(Path.Combine(_folder, "foreign")).FullName;
        using var chown = Process.Start("chown", ["65534", folder]);
        chown.WaitForExit();
        return folder;
    }

    private void AssertRefused(string shell, string state)
    {
        var run = Run(shell, Guard(), state: state);
        Assert.Equal(OnceGuard.NoState, run.ExitCode);
        Assert.Contains("nothing was run", run.Error, StringComparison.Ordinal);
    }

    private void Reset()
    {
        File.Delete(Log);
        if (Directory.Exists(State))
        {
            Directory.Delete(State, recursive: true);
        }
    }

    /// <summary>The guard around a command that adds a line to the log each time it runs.</summary>
    private string Guard(string after = "", string key = Key, bool rerun = false) =>
        new CommandScript(CommandShell.Sh, $"echo ran >>{Log}{after}", key, rerun).Write([]);

    private (int ExitCode, string Output, string Error) Run(
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
        var file = Path.Combine(_folder, Guid.NewGuid().ToString("n") + ".sh");
        File.WriteAllText(file, script);
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"umask {umask}; exec {program} {option} {file}");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
