using System.Globalization;
using System.Text;
using FastTrigger.Core;

namespace FastTrigger.Patterns;

/// <summary>{"cidr": "10.0.0.0/24"} or {"cidr": "2001:db8::/32"}: a string that is an address in this network.</summary>
internal sealed class CidrTest : TextTest
{
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
        if (slash < 0 || !TryParse(Encoding.UTF8.GetBytes(text[..slash]), out var network))
        {
            return null;
        }

        var isNumber = int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits);
        return isNumber && bits < network.Length * 8 ? new(network, bits) : null;
    }

    protected override bool Matches(ReadOnlySpan<byte> utf8)
    {
        if (!TryParse(utf8, out var address) || address.Length != _network.Length)
        {
            return false;
        }

        var whole = _bits / 8;
        var rest = _bits % 8;
        return address.AsSpan(0, whole).SequenceEqual(_network.AsSpan(0, whole))
            && (rest == 0 || (address[whole] ^ _network[whole]) >> (8 - rest) == 0);
    }

    private static unsafe bool TryParse(ReadOnlySpan<byte> utf8, out byte[] address)
    {
        var v6 = utf8.Contains((byte)':');
        address = new byte[v6 ? 16 : 4];
        if (utf8.Length is 0 or > 45 || utf8.Contains((byte)0))
        {
            return false;
        }

        Span<byte> text = stackalloc byte[46];
        utf8.CopyTo(text);
        text[utf8.Length] = 0;
        fixed (byte* name = text, target = address)
        {
            return Libc.ParseAddress(v6 ? Libc.AfInet6 : Libc.AfInet, name, target) == 1;
        }
    }
}
