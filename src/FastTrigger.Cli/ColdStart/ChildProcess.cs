using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace FastTrigger.Cli.ColdStart;

/// <summary>
/// A program that posix_spawn(3) starts. The time before the call is the time of exec, apart from one vfork. The caller waits for it
/// exactly once.
/// </summary>
internal sealed unsafe class ChildProcess
{
    /// <summary>The shell stops itself just before exec, so that the process can enter a control group first.</summary>
    private const string StopThenExec = "kill -STOP $$; exec \"$0\" \"$@\"";

    private const int Interrupted = 4;

    /// <summary>The 64-bit words of an affinity mask for 1,024 processors.</summary>
    private const int ProcessorWords = 16;

    private ChildProcess(int id) => Id = id;

    public int Id { get; }

    /// <summary>Starts the program. Standard output and standard error go to a file.</summary>
    /// <param name="stopped">Whether the process waits for <see cref="Continue"/> just before exec.</param>
    public static ChildProcess Start(
        IReadOnlyList<string> command,
        IReadOnlyDictionary<string, string> environment,
        string folder,
        string output,
        bool stopped = false)
    {
        string[] arguments = stopped ? ["/bin/sh", "-c", StopThenExec, .. command] : [.. command];
        var actions = stackalloc byte[256];
        using var memory = new Strings();
        _ = Native.FileActionsInit(actions);
        _ = Native.FileActionsAddOpen(actions, 0, memory.Add("/dev/null"), Native.OpenReadOnly, 0);
        foreach (var fd in (ReadOnlySpan<int>)[1, 2])
        {
            _ = Native.FileActionsAddOpen(actions, fd, memory.Add(output), Native.OpenWriteOnly | 0x400, 0);
        }

        _ = Native.FileActionsAddChdir(actions, memory.Add(folder));
        var variables = memory.AddAll([.. environment.Select(pair => $"{pair.Key}={pair.Value}")]);
        int id;
        var error = Native.Spawn(&id, memory.Add(arguments[0]), actions, null, memory.AddAll(arguments), variables);
        _ = Native.FileActionsDestroy(actions);
        if (error != 0)
        {
            throw new LabException($"{arguments[0]} cannot be started: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        var child = new ChildProcess(id);
        if (stopped)
        {
            int status;
            _ = Native.Wait(id, &status, Native.WaitUntraced, null);
        }

        return child;
    }

    public void Continue() => _ = Native.Kill(Id, Native.Sigcont);

    /// <summary>Ends the process in any state, and waits for it.</summary>
    public ExitState Kill()
    {
        _ = Native.Kill(Id, Native.Sigkill);
        return Wait();
    }

    public ExitState Wait()
    {
        int status;
        Native.ResourceUsage usage;
        while (Native.Wait(Id, &status, 0, &usage) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }

        var seconds = usage.UserSeconds + usage.SystemSeconds;
        var microseconds = usage.UserMicroseconds + usage.SystemMicroseconds;
        return new((status & 0x7f) == 0 ? (status >> 8) & 0xff : -1, (seconds * 1e3) + (microseconds / 1e3));
    }

    /// <summary>Whether the process has exited and nobody has waited for it yet.</summary>
    public bool HasEnded() => Stat()[0] == "Z";

    /// <summary>Processor time of all threads in milliseconds; null where the kernel has no scheduler statistics.</summary>
    public double? ProcessorMilliseconds()
    {
        try
        {
            var total = 0L;
            foreach (var task in Directory.EnumerateDirectories($"/proc/{Id}/task"))
            {
                // Nanoseconds on a processor, nanoseconds of waiting for one, number of time slices.
                total += long.Parse(File.ReadAllText(task + "/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);
            }

            return total / 1e6;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Resident memory in KiB now, open descriptors, and threads.</summary>
    public (long Kib, int Descriptors, int Threads) Usage() => (
        StatusKib("VmRSS:"),
        Directory.GetFileSystemEntries($"/proc/{Id}/fd").Length,
        int.Parse(Stat()[17], CultureInfo.InvariantCulture));

    /// <summary>Peak resident memory in KiB, threads, and page faults since exec.</summary>
    public (long PeakKib, int Threads, long MinorFaults, long MajorFaults) Read()
    {
        var fields = Stat();
        return (
            StatusKib("VmHWM:"),
            int.Parse(fields[17], CultureInfo.InvariantCulture),
            long.Parse(fields[7], CultureInfo.InvariantCulture),
            long.Parse(fields[9], CultureInfo.InvariantCulture));
    }

    /// <summary>Lets the peak of resident memory start anew (proc_pid_clear_refs(5)).</summary>
    public void ResetPeak() => File.WriteAllText($"/proc/{Id}/clear_refs", "5");

    private long StatusKib(string name)
    {
        foreach (var line in File.ReadLines($"/proc/{Id}/status"))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                return long.Parse(line.AsSpan(name.Length).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }

    /// <summary>The fields of /proc/PID/stat from the third on. The second, the name, may contain spaces and parentheses.</summary>
    private string[] Stat()
    {
        var stat = File.ReadAllText($"/proc/{Id}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    /// <summary>Restricts a process, or this thread (0), to the first of its processors until the result is disposed.</summary>
    public static IDisposable Pin(int id)
    {
        var before = new ulong[ProcessorWords];
        var first = new ulong[ProcessorWords];
        fixed (ulong* all = before, one = first)
        {
            if (Native.GetAffinity(id, ProcessorWords * sizeof(ulong), all) >= 0
                && Array.FindIndex(before, static word => word != 0) is >= 0 and var word)
            {
                first[word] = before[word] & (~before[word] + 1);
                _ = Native.SetAffinity(id, ProcessorWords * sizeof(ulong), one);
            }
        }

        return new Pinned(id, before);
    }

    private sealed class Pinned(int id, ulong[] before) : IDisposable
    {
        public void Dispose()
        {
            fixed (ulong* all = before)
            {
                _ = Native.SetAffinity(id, ProcessorWords * sizeof(ulong), all);
            }
        }
    }

    /// <summary>Zero-terminated strings that live until this object is disposed.</summary>
    private sealed class Strings : IDisposable
    {
        private readonly List<nint> _all = [];

        public byte* Add(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text + '\0');
            var copy = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
            bytes.CopyTo(new Span<byte>(copy, bytes.Length));
            _all.Add((nint)copy);
            return copy;
        }

        public byte** AddAll(string[] texts)
        {
            var list = (byte**)NativeMemory.Alloc((nuint)(texts.Length + 1), (nuint)sizeof(byte*));
            _all.Add((nint)list);
            for (var i = 0; i < texts.Length; i++)
            {
                list[i] = Add(texts[i]);
            }

            list[texts.Length] = null;
            return list;
        }

        public void Dispose() => _all.ForEach(static memory => NativeMemory.Free((void*)memory));
    }
}

/// <summary>The outcome of a program.</summary>
/// <param name="ExitCode">-1 when a signal ended it.</param>
/// <param name="ProcessorMilliseconds">The processor time of the whole process.</param>
internal readonly record struct ExitState(int ExitCode, double ProcessorMilliseconds);

/// <summary>An experiment that cannot continue. The message says what the user can do.</summary>
internal sealed class LabException(string message) : Exception(message);
