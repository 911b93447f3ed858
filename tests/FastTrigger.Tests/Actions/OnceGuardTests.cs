using System.Diagnostics;
using FastTrigger.Actions.RunCommand;

namespace FastTrigger.Tests.Actions;

/// <summary>The guard in the shells of servers: dash, bash and busybox, with and without flock, killed at every line.</summary>
public sealed class OnceGuardTests : GuardedServer
{
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
        var elsewhere = Directory.CreateDirectory(Path.Combine(Folder, "elsewhere", "once")).FullName;
        var link = Path.Combine(Folder, "link");
        Directory.CreateSymbolicLink(link, elsewhere);
        AssertRefused(shell, link);
        AssertRefused(shell, link + "/");
        Directory.CreateSymbolicLink(Path.Combine(Folder, "parent"), Path.GetDirectoryName(elsewhere)!);
        AssertRefused(shell, Path.Combine(Folder, "parent", "once"));
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

    private string ForeignDirectory()
    {
        if (Environment.UserName != "root")
        {
            return "/usr/lib";
        }

        var folder = Directory.CreateDirectory(Path.Combine(Folder, "foreign")).FullName;
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
}
