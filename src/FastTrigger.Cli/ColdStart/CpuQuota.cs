using System.Globalization;

namespace FastTrigger.Cli.ColdStart;

/// <summary>
/// A share of one processor for one process, in periods of 20 ms as in Lambda, and a limit of memory. It is a control group of version 2
/// or 1. Root can create one, and so can a user whose systemd delegates a part of the tree.
/// </summary>
internal abstract class CpuQuota : IDisposable
{
    public const int PeriodMicroseconds = 20_000;

    /// <summary>Lambda gives a function a whole processor at this memory size, and proportionally less below it.</summary>
    public const int MegabytesOfOneProcessor = 1_769;

    /// <summary>The kind of control group, for the report.</summary>
    public abstract string Kind { get; }

    /// <summary>The share of a processor that Lambda gives to a memory size.</summary>
    public static double Share(int megabytes) => (double)megabytes / MegabytesOfOneProcessor;

    /// <summary>Null when no control group can be created. The problem then gives the reason and what to do.</summary>
    /// <param name="root">The mount point of control groups: /sys/fs/cgroup, except in tests.</param>
    /// <param name="self">/proc/self/cgroup, except in tests.</param>
    public static CpuQuota? TryOpen(out string problem, string root = "/sys/fs/cgroup", string self = "/proc/self/cgroup")
    {
        var reasons = new List<string>();
        foreach (var open in (Func<string, string, CpuQuota>[])[CpuQuotaV2.Open, CpuQuotaV1.Open])
        {
            try
            {
                problem = "";
                return open(root, self);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or LabException)
            {
                reasons.Add(e.Message);
            }
        }

        problem = "memory sizes cannot be simulated here, because no control group for processor time can be created "
            + $"({string.Join("; ", reasons)}), and systemd delegates none to this user. "
            + "Run this as root, or where systemd-run --user works, or use --memory none";
        return null;
    }

    /// <summary>Limits the group to that share of a processor from now on.</summary>
    public abstract void SetShare(double share);

    /// <summary>Lets the kernel kill the process of the group that needs more memory than this. False where no group can do that.</summary>
    public bool LimitMemory(long bytes)
    {
        try
        {
            WriteMemoryLimit(bytes);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LabException)
        {
            return false;
        }
    }

    protected abstract void WriteMemoryLimit(long bytes);

    /// <summary>Puts a process into the group.</summary>
    public abstract void Add(int processId);

    /// <summary>The number of periods in which the group used up its share.</summary>
    public abstract long TimesThrottled();

    public abstract void Dispose();

    protected static string NewName() => $"fasttrigger-lab-{Environment.ProcessId}";

    protected static int Microseconds(double share) => Math.Max(1_000, (int)(share * PeriodMicroseconds));

    protected static void Write(string file, string text)
    {
        // One write(2), because the kernel does not accept a number in parts.
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
    }

    protected static void Write(string file, long number) => Write(file, number.ToString(CultureInfo.InvariantCulture));

    protected static long ReadStatistic(string file, string name)
    {
        foreach (var line in File.ReadLines(file))
        {
            if (line.StartsWith(name + " ", StringComparison.Ordinal))
            {
                return long.Parse(line.AsSpan(name.Length + 1), CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }

    /// <summary>The path of this process's group in a hierarchy: "0::PATH" or "4:cpu,cpuacct:PATH".</summary>
    protected static string OwnGroup(string self, Func<string, bool> isHierarchy)
    {
        foreach (var line in File.ReadLines(self))
        {
            var parts = line.Split(':', 3);
            if (parts.Length == 3 && isHierarchy(parts[1]))
            {
                return parts[2].TrimStart('/');
            }
        }

        throw new LabException("this process is in no such hierarchy");
    }

    /// <summary>Removes a group. The kernel allows it only shortly after the last process has exited.</summary>
    protected static void Remove(string folder)
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            try
            {
                Directory.Delete(folder);
                return;
            }
            catch (IOException)
            {
                Thread.Sleep(10);
            }
        }
    }
}

/// <summary>Control groups version 2: one tree for all resources, with cpu.max.</summary>
internal sealed class CpuQuotaV2 : CpuQuota
{
    private readonly string _own, _group, _rest;
    private string _controllers = "-cpu";

    private CpuQuotaV2(string own)
    {
        _own = own;
        _group = Path.Combine(own, NewName());
        _rest = _group + "-rest";
    }

    public override string Kind => "cgroup v2";

    public static CpuQuotaV2 Open(string root, string self)
    {
        if (!File.Exists(Path.Combine(root, "cgroup.controllers")))
        {
            throw new LabException("there is no cgroup v2 tree");
        }

        var quota = new CpuQuotaV2(Path.Combine(root, OwnGroup(self, static controllers => controllers.Length == 0)));
        if (!File.ReadAllText(Path.Combine(quota._own, "cgroup.controllers")).Split().Contains("cpu"))
        {
            throw new LabException("cgroup v2 has no cpu controller here");
        }

        // A group that distributes resources to its children must not contain processes, so this process moves to a child first.
        Directory.CreateDirectory(quota._rest);
        foreach (var process in File.ReadAllLines(Path.Combine(quota._own, "cgroup.procs")))
        {
            Write(Path.Combine(quota._rest, "cgroup.procs"), process);
        }

        Write(Path.Combine(quota._own, "cgroup.subtree_control"), "+cpu");
        Directory.CreateDirectory(quota._group);
        return quota;
    }

    public override void SetShare(double share) =>
        Write(Path.Combine(_group, "cpu.max"), string.Create(CultureInfo.InvariantCulture, $"{Microseconds(share)} {PeriodMicroseconds}"));

    protected override void WriteMemoryLimit(long bytes)
    {
        Write(Path.Combine(_own, "cgroup.subtree_control"), "+memory");
        _controllers = "-cpu -memory";
        Write(Path.Combine(_group, "memory.max"), bytes);
    }

    public override void Add(int processId) => Write(Path.Combine(_group, "cgroup.procs"), processId);

    public override long TimesThrottled() => ReadStatistic(Path.Combine(_group, "cpu.stat"), "nr_throttled");

    public override void Dispose()
    {
        Remove(_group);
        try
        {
            Write(Path.Combine(_own, "cgroup.subtree_control"), _controllers);
            foreach (var process in File.ReadAllLines(Path.Combine(_rest, "cgroup.procs")))
            {
                Write(Path.Combine(_own, "cgroup.procs"), process);
            }

            Remove(_rest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The scope ends with this process, so nothing remains after it.
        }
    }
}

/// <summary>Control groups version 1: one tree for each resource, with cpu.cfs_quota_us.</summary>
internal sealed class CpuQuotaV1 : CpuQuota
{
    private readonly string _group, _memory;
    private bool _limitsMemory;

    private CpuQuotaV1(string group, string memory) => (_group, _memory) = (group, memory);

    public override string Kind => "cgroup v1";

    public static CpuQuotaV1 Open(string root, string self)
    {
        string[] trees = [Path.Combine(root, "cpu"), Path.Combine(root, "cpu,cpuacct")];
        var tree = trees.FirstOrDefault(Directory.Exists) ?? throw new LabException("there is no cgroup v1 tree for cpu");
        var group = Path.Combine(tree, OwnGroup(self, static controllers => controllers.Split(',').Contains("cpu")), NewName());
        Directory.CreateDirectory(group);
        if (!File.Exists(Path.Combine(group, "cpu.cfs_quota_us")))
        {
            Remove(group);
            throw new LabException("the kernel has no processor quotas");
        }

        Write(Path.Combine(group, "cpu.cfs_period_us"), PeriodMicroseconds);
        // Each resource has a tree of its own.
        var others = File.ReadLines(self).FirstOrDefault(static line => line.Contains(":memory:", StringComparison.Ordinal));
        return new(group, Path.Combine(root, "memory", others?.Split(':', 3)[2].TrimStart('/') ?? "", NewName()));
    }

    public override void SetShare(double share) => Write(Path.Combine(_group, "cpu.cfs_quota_us"), Microseconds(share));

    protected override void WriteMemoryLimit(long bytes)
    {
        Directory.CreateDirectory(_memory);
        _limitsMemory = true;
        Write(Path.Combine(_memory, "memory.limit_in_bytes"), bytes);
    }

    public override void Add(int processId)
    {
        Write(Path.Combine(_group, "cgroup.procs"), processId);
        if (_limitsMemory)
        {
            Write(Path.Combine(_memory, "cgroup.procs"), processId);
        }
    }

    public override long TimesThrottled() => ReadStatistic(Path.Combine(_group, "cpu.stat"), "nr_throttled");

    public override void Dispose()
    {
        Remove(_group);
        if (_limitsMemory)
        {
            Remove(_memory);
        }
    }
}
