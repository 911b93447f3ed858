using System.Runtime.InteropServices;
using FastTrigger.Core;

namespace FastTrigger.Http;

/// <summary>Resolves a host name to socket addresses with the system's resolver.</summary>
internal static unsafe class AddressList
{
    /// <summary>
    /// Fills <paramref name="addresses"/> with sockaddr_in or sockaddr_in6 structures. A literal address needs no resolver.
    /// getaddrinfo(3) has no timeout, so a background thread looks up the name. At the deadline the caller stops waiting for it.
    /// </summary>
    public static bool Resolve(string host, int port, Deadline deadline, out byte[][] addresses, out HttpProblem problem)
    {
        problem = HttpProblem.None;
        if (Literal(host, port) is { } literal)
        {
            addresses = [literal];
            return true;
        }

        var lookup = new Lookup(host, port);
        if (deadline.RemainingMs < 0 || host == "localhost")
        {
            lookup.Run();
        }
        else
        {
            var thread = new Thread(lookup.Run, 256 * 1024) { IsBackground = true };
            thread.Start();
            if (!thread.Join(deadline.RemainingMs))
            {
                addresses = [];
                problem = new(HttpFault.Timeout, $"the name {host} was not resolved before the deadline");
                return false;
            }
        }

        addresses = lookup.Found;
        if (lookup.Error is { } error)
        {
            problem = new(HttpFault.Resolve, $"cannot resolve {host}: {error}");
            return false;
        }

        return true;
    }

    /// <summary>Whether a host is an IPv4 or IPv6 address rather than a name.</summary>
    public static bool IsLiteral(string host) => Literal(host, 0) is not null;

    private static byte[]? Literal(string host, int port)
    {
        var text = Libc.ZeroTerminated(host.AsSpan().Trim("[]"));
        var v6 = host.Contains(':');
        var address = new byte[v6 ? 28 : 16];
        BitConverter.TryWriteBytes(address, (ushort)(v6 ? Libc.AfInet6 : Libc.AfInet));
        address[2] = (byte)(port >> 8);
        address[3] = (byte)port;
        fixed (byte* name = text, target = address)
        {
            return Libc.ParseAddress(v6 ? Libc.AfInet6 : Libc.AfInet, name, target + (v6 ? 8 : 4)) == 1 ? address : null;
        }
    }

    private sealed class Lookup(string host, int port)
    {
        public byte[][] Found { get; private set; } = [];

        public string? Error { get; private set; }

        public void Run()
        {
            Libc.AddressInfo* first;
            var hints = new Libc.AddressInfo { SocketType = Libc.SockStream };
            fixed (byte* node = Libc.ZeroTerminated(host), service = Libc.ZeroTerminated(port.ToString(provider: null)))
            {
                var status = Libc.GetAddressInfo(node, service, &hints, &first);
                if (status != 0)
                {
                    Error = Marshal.PtrToStringUTF8((nint)Libc.ResolverErrorText(status));
                    return;
                }
            }

            var found = new List<byte[]>();
            for (var entry = first; entry is not null && found.Count < 8; entry = entry->Next)
            {
                found.Add(new ReadOnlySpan<byte>(entry->Address, (int)entry->AddressLength).ToArray());
            }

            Libc.FreeAddressInfo(first);
            Found = [.. found];
        }
    }
}
