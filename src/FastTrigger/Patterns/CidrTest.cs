using System.Globalization;
using System.Text;
using FastTrigger.Core;

namespace FastTrigger.Patterns;

/// <summary>{"cidr": "10.0.0.0/24"} or {"cidr": "2001:db8::/32"}: a string that is an address in this network.</summary>
internal sealed class CidrTest : TextTest
{
    /// <summary>Of an IPv6 address: as bytes, and as text.</summary>
    private const int MaxLength = 16, MaxText = 45;

    private readonly byte[] _network;
    private readonly int _bits;

    private CidrTest(byte[] network, int bits)
    {
        _network = network;
        _bits = bits;
    }

    public static CidrTest? Parse(string text)
    {
        var slash = text.IndexOf('/');
        Span<byte> network = stackalloc byte[MaxLength];
        var length = slash < 0 ? 0 : ParseAddress(Encoding.UTF8.GetBytes(text[..slash]), network);
        if (length == 0)
        {
            return null;
        }

        var isNumber = int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits);
        return isNumber && bits < length * 8 ? new(network[..length].ToArray(), bits) : null;
    }

    protected override bool Matches(ReadOnlySpan<byte> utf8)
    {
        Span<byte> address = stackalloc byte[MaxLength];
        if (ParseAddress(utf8, address) != _network.Length)
        {
            return false;
        }

        var whole = _bits / 8;
        var rest = _bits % 8;
        return address[..whole].SequenceEqual(_network.AsSpan(0, whole))
            && (rest == 0 || (address[whole] ^ _network[whole]) >> (8 - rest) == 0);
    }

    /// <summary>The number of bytes of an address; 0 when it is none.</summary>
    private static unsafe int ParseAddress(ReadOnlySpan<byte> utf8, Span<byte> address)
    {
        if (utf8.Length is 0 or > MaxText || utf8.Contains((byte)0))
        {
            return 0;
        }

        var v6 = utf8.Contains((byte)':');
        Span<byte> text = stackalloc byte[MaxText + 1];
        utf8.CopyTo(text);
        text[utf8.Length] = 0;
        fixed (byte* name = text, target = address)
        {
            return Libc.ParseAddress(v6 ? Libc.AfInet6 : Libc.AfInet, name, target) != 1 ? 0 : v6 ? MaxLength : 4;
        }
    }
}
