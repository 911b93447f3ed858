using System.Runtime.InteropServices;
using System.Text;

namespace FastTrigger.Core;

/// <summary>The functions of libc that are used. The constants are those of Linux, the same on x86-64 and arm64.</summary>
internal static unsafe partial class Libc
{
    public const int AfUnspecified = 0, AfInet = 2, AfInet6 = 10;
    public const int SockStream = 1, SockDatagram = 2, SockNonBlocking = 0x800, SockCloseOnExec = 0x80000;
    public const int SolSocket = 1, SoError = 4, IpProtoTcp = 6, TcpNoDelay = 1;
    public const int MsgPeek = 2, MsgDontWait = 0x40, MsgNoSignal = 0x4000;
    public const short PollIn = 1, PollOut = 4;
    public const int OpenReadOnly = 0, OpenCloseOnExec = 0x80000;
    public const int SetFlags = 4;
    public const int SeekStart = 0, SeekEnd = 2;
    public const int EIntr = 4, EAgain = 11, EInProgress = 115;
    public const int SigPipe = 13;
    public const int ClockRealtime = 0, ClockMonotonic = 1, ClockBoottime = 7;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollFd
    {
        public int Fd;
        public short Events;
        public short ReturnedEvents;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct AddressInfo
    {
        public int Flags;
        public int Family;
        public int SocketType;
        public int Protocol;
        public uint AddressLength;
        public byte* Address;
        public byte* CanonicalName;
        public AddressInfo* Next;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int fd, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetSocketOption(int fd, int level, int option, int* value, uint length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetSocketOption(int fd, int level, int option, int* value, uint* length);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int SetStatusFlags(int fd, int command, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int fd, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int fd, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    public static partial int Open(byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int fd, byte* buffer, nuint length);

    /// <summary>Moves the place where a file is read; -1 for what is no file.</summary>
    [LibraryImport("libc", EntryPoint = "lseek")]
    public static partial nint Seek(int fd, nint offset, int from);

    [LibraryImport("libc", EntryPoint = "getrandom", SetLastError = true)]
    private static partial nint GetRandom(byte* buffer, nuint length, uint flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollFd* fds, nuint count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "getaddrinfo")]
    public static partial int GetAddressInfo(byte* node, byte* service, AddressInfo* hints, AddressInfo** result);

    [LibraryImport("libc", EntryPoint = "freeaddrinfo")]
    public static partial void FreeAddressInfo(AddressInfo* result);

    [LibraryImport("libc", EntryPoint = "gai_strerror")]
    public static partial byte* ResolverErrorText(int error);

    [LibraryImport("libc", EntryPoint = "inet_pton")]
    public static partial int ParseAddress(int family, byte* text, byte* address);

    [LibraryImport("libc", EntryPoint = "strerror_r")]
    public static partial byte* ErrorText(int error, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "signal")]
    public static partial nint Signal(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    public static partial int GetTime(int clock, TimeSpec* time);

    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void ExitNow(int status);

    /// <summary>The text of an errno, such as "Connection refused".</summary>
    public static string Describe(int error)
    {
        var buffer = stackalloc byte[128];
        return Marshal.PtrToStringUTF8((nint)ErrorText(error, buffer, 128)) ?? $"errno {error}";
    }

    /// <summary>Reads a whole file; null, with the reason, on failure. File.ReadAllBytes costs 0.1 ms more of a cold start.</summary>
    public static byte[]? ReadFile(string path, out string problem)
    {
        int fd;
        fixed (byte* name = ZeroTerminated(path))
        {
            fd = Open(name, OpenReadOnly | OpenCloseOnExec, 0);
        }

        problem = fd < 0 ? Describe(Marshal.GetLastPInvokeError()) : "";
        if (fd < 0)
        {
            return null;
        }

        var bytes = new ByteBuffer(4096);
        while (true)
        {
            nint count;
            fixed (byte* target = bytes.GetSpan(1024))
            {
                count = Read(fd, target, (nuint)bytes.GetSpan(1024).Length);
            }

            if (count > 0)
            {
                bytes.Advance((int)count);
            }
            else if (count == 0 || Marshal.GetLastPInvokeError() != EIntr)
            {
                problem = count == 0 ? "" : Describe(Marshal.GetLastPInvokeError());
                _ = Close(fd);
                return count == 0 ? bytes.Span.ToArray() : null;
            }
        }
    }

    /// <summary>Reads a file into exactly as many bytes as it has; null for a file that is larger, changes meanwhile or is none.</summary>
    public static byte[]? ReadRegularFile(string path, int maxBytes)
    {
        int fd;
        fixed (byte* name = ZeroTerminated(path))
        {
            fd = Open(name, OpenReadOnly | OpenCloseOnExec, 0);
        }

        var size = fd < 0 ? 0 : Seek(fd, 0, SeekEnd);
        byte[]? bytes = null;
        if (size > 0 && size <= maxBytes && Seek(fd, 0, SeekStart) == 0)
        {
            bytes = GC.AllocateUninitializedArray<byte>((int)size);
            byte more;
            fixed (byte* start = bytes)
            {
                var isWhole = Read(fd, start, (nuint)size) == size && Read(fd, &more, 1) == 0;
                bytes = isWhole ? bytes : null;
            }
        }

        _ = fd < 0 ? 0 : Close(fd);
        return bytes;
    }

    /// <summary>The text as a C string; an empty string when the text contains a NUL character.</summary>
    public static byte[] ZeroTerminated(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length) + 1];
        var count = Encoding.UTF8.GetBytes(text, bytes);
        return bytes.AsSpan(0, count).Contains((byte)0) ? [0] : bytes;
    }

    /// <summary>Fills a buffer of up to 256 bytes, which the kernel does whole, with cryptographically strong random bytes.</summary>
    /// <exception cref="InvalidOperationException">The kernel has none, or does not let this process ask.</exception>
    public static void RandomBytes(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (GetRandom(start, (nuint)buffer.Length, 0) != buffer.Length)
            {
                if (Marshal.GetLastPInvokeError() is var error and not EIntr)
                {
                    throw new InvalidOperationException("the kernel gives no random bytes: " + Describe(error));
                }
            }
        }
    }

    /// <summary>Writes all bytes to a descriptor, and continues after an interruption.</summary>
    public static void WriteAll(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (var written = 0; written < bytes.Length;)
            {
                var count = Write(fd, start + written, (nuint)(bytes.Length - written));
                if (count > 0)
                {
                    written += (int)count;
                }
                else if (Marshal.GetLastPInvokeError() != EIntr)
                {
                    return;
                }
            }
        }
    }
}
