using System.Runtime.InteropServices;
using FastTrigger.Core;

namespace FastTrigger.Http;

/// <summary>A TCP connection on a non-blocking socket. It waits with poll(2) until the deadline.</summary>
internal sealed unsafe class TcpTransport : Transport
{
    private int _fd;

    private TcpTransport(int fd) => _fd = fd;

    public int Descriptor => _fd;

    /// <summary>Connects to the first address that answers. Each address except the last gets half of the remaining time.</summary>
    public static TcpTransport? Connect(string host, int port, Deadline deadline, Clock clock, out HttpProblem problem)
    {
        if (!AddressList.Resolve(host, port, deadline, out var addresses, out problem))
        {
            return null;
        }

        for (var i = 0; i < addresses.Length; i++)
        {
            var share = i == addresses.Length - 1 ? deadline : deadline.AtMost(clock, Math.Max(deadline.RemainingMs / 2, 1));
            if (TryConnect(addresses[i], share, out var error) is { } transport)
            {
                problem = HttpProblem.None;
                return transport;
            }

            problem = error == 0
                ? new(HttpFault.Timeout, $"no connection to {host}:{port} before the deadline")
                : new(HttpFault.Connect, $"cannot connect to {host}:{port}: {Libc.Describe(error)}");
        }

        return null;
    }

    /// <summary>Makes the socket blocking, so that reads and writes wait in the system call itself, without a deadline.</summary>
    public void StopPolling() => _ = Libc.SetStatusFlags(_fd, Libc.SetFlags, 0);

    public override IoResult Read(Span<byte> buffer, Deadline deadline, out int count)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                count = (int)Libc.Receive(_fd, start, (nuint)buffer.Length, 0);
                if (count > 0)
                {
                    return IoResult.Ok;
                }

                if (count == 0)
                {
                    return IoResult.Closed;
                }

                count = 0;
                var result = AfterError(Libc.PollIn, deadline);
                if (result != IoResult.Ok)
                {
                    return result;
                }
            }
        }
    }

    public override IoResult Write(ReadOnlySpan<byte> bytes, Deadline deadline, out int count)
    {
        count = 0;
        fixed (byte* start = bytes)
        {
            while (count < bytes.Length)
            {
                var sent = (int)Libc.Send(_fd, start + count, (nuint)(bytes.Length - count), Libc.MsgNoSignal);
                if (sent >= 0)
                {
                    count += sent;
                    continue;
                }

                var result = AfterError(Libc.PollOut, deadline);
                if (result != IoResult.Ok)
                {
                    return result;
                }
            }
        }

        return IoResult.Ok;
    }

    public override bool IsQuiet()
    {
        byte one;
        return Libc.Receive(_fd, &one, 1, Libc.MsgPeek | Libc.MsgDontWait) < 0 && Marshal.GetLastPInvokeError() == Libc.EAgain;
    }

    /// <summary>Waits until the socket can be read or written; false when the deadline has passed.</summary>
    public bool Wait(short events, Deadline deadline) => Wait(_fd, events, deadline);

    public override void Dispose()
    {
        if (_fd >= 0)
        {
            _ = Libc.Close(_fd);
            _fd = -1;
        }
    }

    private static TcpTransport? TryConnect(byte[] address, Deadline deadline, out int error)
    {
        error = 0;
        // The first two bytes of any socket address are its family.
        var fd = Libc.Socket(BitConverter.ToUInt16(address), Libc.SockStream | Libc.SockNonBlocking | Libc.SockCloseOnExec, 0);
        if (fd < 0)
        {
            error = Marshal.GetLastPInvokeError();
            return null;
        }

        fixed (byte* start = address)
        {
            if (Libc.Connect(fd, start, (uint)address.Length) != 0)
            {
                error = Marshal.GetLastPInvokeError();
            }
        }

        if (error is Libc.EInProgress or Libc.EIntr)
        {
            if (!Wait(fd, Libc.PollOut, deadline))
            {
                error = 0;
                _ = Libc.Close(fd);
                return null;
            }

            var pending = 0;
            uint size = sizeof(int);
            var isKnown = Libc.GetSocketOption(fd, Libc.SolSocket, Libc.SoError, &pending, &size) == 0;
            error = isKnown ? pending : Marshal.GetLastPInvokeError();
        }

        if (error != 0)
        {
            _ = Libc.Close(fd);
            return null;
        }

        // A request is one write, and the caller waits for its answer. Nagle's algorithm would only delay it.
        var one = 1;
        _ = Libc.SetSocketOption(fd, Libc.IpProtoTcp, Libc.TcpNoDelay, &one, sizeof(int));
        return new TcpTransport(fd);
    }

    private static bool Wait(int fd, short events, Deadline deadline)
    {
        while (true)
        {
            var poll = new Libc.PollFd { Fd = fd, Events = events };
            var ready = Libc.Poll(&poll, 1, deadline.RemainingMs);
            if (ready > 0)
            {
                return true;
            }

            if (ready == 0 || Marshal.GetLastPInvokeError() != Libc.EIntr)
            {
                return false;
            }
        }
    }

    private IoResult AfterError(short events, Deadline deadline)
    {
        var error = Marshal.GetLastPInvokeError();
        switch (error)
        {
            case Libc.EIntr:
                return IoResult.Ok;
            case Libc.EAgain:
                return Wait(_fd, events, deadline) ? IoResult.Ok : IoResult.TimedOut;
            default:
                Failure = Libc.Describe(error);
                return IoResult.Failed;
        }
    }
}
