using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace FastTrigger.Cli.ColdStart;

/// <summary>
/// A program that was started by posix_spawn(3): the time before the call is the time of its exec, within what a vfork takes. It must be
/// waited for, once.
/// </summary>
internal sealed unsafe class ChildProcess
{
    /// <summary>Programs are stopped by the shell just before their exec, so that they can be put into a control group first.</summary>
    private const string StopThenExec = "kill -STOP $$; exec \"$0\" \"$@\"";

    private const int Interrupted = 4;

    /// <summary>Room for 1,024 processors.</summary>
    private const int ProcessorWords = 16;

    private ChildProcess(int id) => Id = id;

    public int Id { get; }

    /// <summary>Starts it with standard output and error to a file.</summary>
    /// <param name="stopped">Whether it waits for <see cref="Continue"/> just before its exec.</param>
    public static ChildProcess Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string folder, string output, bool stopped = false)
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
        int id;
        var error = Native.Spawn(&id, memory.Add(arguments[0]), actions, null, memory.AddAll(arguments), memory.AddAll([.. environment.Select(pair => $"{pair.Key}={pair.Value}")]));
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

    /// <summary>Ends it, however it is.</summary>
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

        return new((status & 0x7f) == 0 ? (status >> 8) & 0xff : -1, ((usage.UserSeconds + usage.SystemSeconds) * 1e3) + ((usage.UserMicroseconds + usage.SystemMicroseconds) / 1e3));
    }

    /// <summary>Whether nothing is left of it but its exit code.</summary>
    public bool HasEnded() => Stat()[0] == "Z";

    /// <summary>Processor time of all its threads in milliseconds, to the microsecond; null where the kernel does not count.</summary>
    public double? ProcessorMilliseconds()
    {
        try
        {
            var total = 0L;
            foreach (var task in Directory.EnumerateDirectories($"/proc/{Id}/task"))
            {
                // Nanoseconds on a processor, nanoseconds of waiting for one, and how many times.
                total += long.Parse(File.ReadAllText(task + "/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);
            }

            return total / 1e6;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Peak resident memory in KiB, threads, and page faults since its exec.</summary>
    public (long PeakKib, int Threads, long MinorFaults, long MajorFaults) Read()
    {
        long peak = 0;
        foreach (var line in File.ReadLines($"/proc/{Id}/status"))
        {
            if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
            {
                peak = long.Parse(line.AsSpan(6).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture);
            }
        }

        var fields = Stat();
        return (peak, int.Parse(fields[17], CultureInfo.InvariantCulture), long.Parse(fields[7], CultureInfo.InvariantCulture), long.Parse(fields[9], CultureInfo.InvariantCulture));
    }

    /// <summary>Field 3 of /proc/PID/stat and on: the one before, the name, may have spaces and brackets in it.</summary>
    private string[] Stat()
    {
        var stat = File.ReadAllText($"/proc/{Id}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    /// <summary>Lets a process, or this thread (0), run on the first of its processors only, until what is given back is disposed of.</summary>
    public static IDisposable Pin(int id)
    {
        var before = new ulong[ProcessorWords];
        var first = new ulong[ProcessorWords];
        fixed (ulong* all = before, one = first)
        {
            if (Native.GetAffinity(id, ProcessorWords * sizeof(ulong), all) >= 0 && Array.FindIndex(before, static word => word != 0) is >= 0 and var word)
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

    /// <summary>Zero-terminated strings that live as long as this does.</summary>
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

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">-1 when a signal ended it.</param>
/// <param name="ProcessorMilliseconds">All of its processor time.</param>
internal readonly record struct ExitState(int ExitCode, double ProcessorMilliseconds);

/// <summary>An experiment that cannot go on, with what a person can do about it.</summary>
internal sealed class LabException(string message) : Exception(message);
