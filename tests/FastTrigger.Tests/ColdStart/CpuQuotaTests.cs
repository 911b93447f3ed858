using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Tests.ColdStart;

/// <summary>Control groups, with a folder that has the kernel's layout.</summary>
public sealed class CpuQuotaTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("fasttrigger-cgroup-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(128, 1_447)]
    [InlineData(512, 5_788)]
    [InlineData(1_769, 20_000)]
    public void Version_2_is_used_when_it_has_the_cpu_controller(int megabytes, int microseconds)
    {
        Write("cgroup.controllers", "cpu memory");
        Write("user/lab/cgroup.controllers", "cpu memory");
        Write("user/lab/cgroup.procs", "");
        Write("user/lab/cgroup.subtree_control", "");
        using var quota = Open("0::/user/lab\n");
        Assert.Equal("cgroup v2", quota.Kind);
        Assert.Equal("+cpu", Read("user/lab/cgroup.subtree_control"));
        var groups = Directory.GetDirectories(Path.Combine(_root, "user/lab"));
        var group = groups.Single(folder => !folder.EndsWith("-rest", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(group, "cpu.max"), "");
        File.WriteAllText(Path.Combine(group, "cgroup.procs"), "");
        File.WriteAllText(Path.Combine(group, "cpu.stat"), "usage_usec 5\nnr_periods 4\nnr_throttled 3\n");
        quota.SetShare(CpuQuota.Share(megabytes));
        quota.Add(4711);
        Assert.False(quota.LimitMemory(128 * 1024 * 1024));
        File.WriteAllText(Path.Combine(group, "memory.max"), "");
        Assert.True(quota.LimitMemory(128 * 1024 * 1024));
        Assert.Equal("+memory", Read("user/lab/cgroup.subtree_control"));
        Assert.Equal("134217728", File.ReadAllText(Path.Combine(group, "memory.max")));
        Assert.Equal($"{microseconds} 20000", File.ReadAllText(Path.Combine(group, "cpu.max")));
        Assert.Equal("4711", File.ReadAllText(Path.Combine(group, "cgroup.procs")));
        Assert.Equal(3, quota.TimesThrottled());
        // The kernel removes its files with the folder. An ordinary folder keeps them.
        Directory.Delete(group, recursive: true);
        Directory.CreateDirectory(group);
    }

    [Fact]
    public void Without_control_groups_the_problem_says_what_to_do()
    {
        Write("cgroup.controllers", "memory");
        Write("self", "0::/\n");
        Assert.Null(CpuQuota.TryOpen(out var problem, _root, Path.Combine(_root, "self")));
        Assert.Contains("cgroup v2 has no cpu controller here", problem, StringComparison.Ordinal);
        Assert.Contains("there is no cgroup v1 tree for cpu", problem, StringComparison.Ordinal);
        Assert.Contains("systemd-run --user", problem, StringComparison.Ordinal);
    }

    private CpuQuota Open(string self)
    {
        Write("self", self);
        var quota = CpuQuota.TryOpen(out var problem, _root, Path.Combine(_root, "self"));
        Assert.True(quota is not null, problem);
        return quota;
    }

    private string Read(string name) => File.ReadAllText(Path.Combine(_root, name));

    private void Write(string name, string text)
    {
        var path = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
