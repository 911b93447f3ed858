using System.Diagnostics;
using FastTrigger.Actions.RunCommand;

namespace FastTrigger.Tests.Actions;

/// <summary>Who holds the guard's lock, and whose folders its state may be in (C4.2).</summary>
public sealed class OnceGuardHolderTests : GuardedServer
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static TheoryData<string> ShellsWithoutFlock => ["without flock", "busybox without flock"];

    private string Held => Path.Combine(State, Key + ".held");

    /// <summary>A process whose parent does not ask for its end keeps its number, and holds nothing.</summary>
    [Theory]
    [MemberData(nameof(ShellsWithoutFlock))]
    public async Task A_holder_that_has_ended_and_waits_for_its_parent_holds_nothing_C4_2(string shell)
    {
        Assert.Equal(0, Run(shell, Guard()).ExitCode);
        // The parent becomes a program that asks for no child's end, and only then the child ends.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec 3<&0; cat <&3 >&2 & echo $!; exec sleep 600 3<&- >&2"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var parent = Process.Start(start)!;
        try
        {
            var child = int.Parse((await parent.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, provider: null);
            Assert.True(SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{parent.Id}/comm") == "sleep\n", s_patience));
            parent.StandardInput.Close();
            Assert.True(SpinWait.SpinUntil(() => Stat(child)[0] == "Z", s_patience));
            Forge($"{child}.{Stat(child)[19]}.{Boot}");
            Assert.Equal(0, RunInTime(shell));
            Assert.Equal("Z", Stat(child)[0]);
        }
        finally
        {
            parent.Kill();
        }
    }

    [Theory]
    [MemberData(nameof(ShellsWithoutFlock))]
    public void A_number_that_another_process_has_now_holds_nothing_C4_2(string shell)
    {
        Assert.Equal(0, Run(shell, Guard()).ExitCode);
        var mine = Environment.ProcessId;
        var start = Stat(mine)[19];
        // Another start in this boot, and the same start in an earlier boot.
        foreach (var holder in (string[])[$"{mine}.{start}1.{Boot}", $"{mine}.{start}.00000000-0000-0000-0000-000000000000"])
        {
            Forge(holder);
            Assert.Equal(0, RunInTime(shell));
        }
    }

    /// <summary>What the tests above forge is what the guard writes: a holder that lives is waited for.</summary>
    [Theory]
    [MemberData(nameof(ShellsWithoutFlock))]
    public async Task A_live_holder_is_waited_for_C4_2(string shell)
    {
        Assert.Equal(0, Run(shell, Guard()).ExitCode);
        using var holder = Process.Start("sleep", "600");
        Forge($"{holder.Id}.{Stat(holder.Id)[19]}.{Boot}");
        var waiting = Task.Run(() => Run(shell, Guard()));
        try
        {
            // It waits by `sleep 1`, which is a process of its own.
            Assert.True(SpinWait.SpinUntil(() => Sleeps(Environment.ProcessId), s_patience));
            Assert.False(waiting.IsCompleted);
        }
        finally
        {
            holder.Kill();
        }

        await holder.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, (await waiting.WaitAsync(s_patience, TestContext.Current.CancellationToken)).ExitCode);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_parent_that_others_may_write_to_is_refused_unless_it_is_sticky_C4_2(string shell)
    {
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var parent = Directory.CreateDirectory(Path.Combine(Folder, "par ent")).FullName;
        var state = Path.Combine(parent, "once");
        foreach (var writable in (UnixFileMode[])[UnixFileMode.GroupWrite, UnixFileMode.OtherWrite])
        {
            File.SetUnixFileMode(parent, Private | writable);
            var run = Run(shell, Guard(), state: state);
            Assert.Equal(OnceGuard.NoState, run.ExitCode);
            Assert.Contains(
                $"others may write to {parent} (chmod go-w ends that); nothing was run",
                run.Error,
                StringComparison.Ordinal);
            Assert.Equal(0, Runs);
        }

        // In a sticky folder, such as /tmp, nobody renames what belongs to another.
        File.SetUnixFileMode(parent, Private | UnixFileMode.OtherWrite | UnixFileMode.StickyBit);
        Assert.Equal(0, Run(shell, Guard(), state: state).ExitCode);
        Assert.Equal(1, Runs);
    }

    /// <summary>These shells do not pass a lock on to flock, so they cannot keep the promise.</summary>
    [Theory]
    [InlineData("ksh93")]
    [InlineData("mksh")]
    public void A_shell_that_cannot_lock_runs_nothing_C4_2(string shell)
    {
        var run = Run(shell, Guard());
        Assert.Equal(OnceGuard.NoState, run.ExitCode);
        Assert.Contains("cannot be locked; nothing was run", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, Runs);
    }

    private static string Boot => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>What follows the name of a process in /proc/PID/stat: its state is first, its start twentieth.</summary>
    private static string[] Stat(int id)
    {
        var text = File.ReadAllText($"/proc/{id}/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }

    /// <summary>The processes that a thread has started; none when the thread has ended.</summary>
    private static string[] ChildrenOf(string task)
    {
        try
        {
            return File.ReadAllText(task + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            return [];
        }
    }

    private bool Sleeps(int process) => Directory.GetDirectories($"/proc/{process}/task")
        .SelectMany(ChildrenOf)
        .Any(child =>
        {
            try
            {
                var environment = File.ReadAllText($"/proc/{child}/environ");
                return environment.Contains(State, StringComparison.Ordinal)
                    && ChildrenOf($"/proc/{child}/task/{child}")
                        .Any(one => File.ReadAllText($"/proc/{one}/cmdline").Contains("sleep\0" + "1\0", StringComparison.Ordinal));
            }
            catch (IOException)
            {
                // The process has ended.
                return false;
            }
        });

    /// <summary>Makes the lock name a holder, and the key new again.</summary>
    private void Forge(string holder)
    {
        foreach (var file in Directory.GetFileSystemEntries(State, Key + ".*"))
        {
            File.Delete(file);
        }

        File.CreateSymbolicLink(Held, holder);
    }

    private int RunInTime(string shell)
    {
        var run = Task.Run(() => Run(shell, Guard()));
        Assert.True(run.Wait(s_patience), "the guard waits for a holder that is gone");
        return run.Result.ExitCode;
    }
}
