using System.Globalization;

namespace FastTrigger.Http;

/// <summary>The target of a connection: scheme, host, port and path, as in an http or https URL.</summary>
internal sealed record Origin(bool Tls, string Host, int Port, string Path)
{
    /// <summary>The value of the Host header: the host, and the port when it is not the scheme's default.</summary>
    public string Authority { get; } =
        Port == (Tls ? 443 : 80) ? Host : string.Concat(Host, ":", Port.ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads "tcp://host:port" and "tls://host:port".</summary>
    public static bool TryParseSocket(string url, out Origin origin, out string problem)
    {
        origin = null!;
        var tls = url.StartsWith("tls://", StringComparison.OrdinalIgnoreCase);
        if (!tls && !url.StartsWith("tcp://", StringComparison.OrdinalIgnoreCase))
        {
            problem = "a URL begins with tcp:// or tls://";
            return false;
        }

        var authority = url.AsSpan(6);
        if (authority.LastIndexOf(':') <= authority.LastIndexOf(']') || authority.Contains('/'))
        {
            problem = "tcp:// and tls:// are followed by host:port";
            return false;
        }

        return TryParseAuthority(authority, tls, "/", out origin, out problem);
    }

    /// <summary>Reads "http[s]://host[:port][/path]". User information and fragments are refused.</summary>
    public static bool TryParse(string url, out Origin origin, out string problem)
    {
        origin = null!;
        var tls = url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!tls && !url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            problem = "a URL begins with http:// or https://";
            return false;
        }

        var rest = url.AsSpan(tls ? 8 : 7);
        var slash = rest.IndexOfAny('/', '?', '#');
        var authority = slash < 0 ? rest : rest[..slash];
        var path = slash < 0 ? "/" : rest[slash..].ToString();
        if (path.AsSpan().IndexOfAnyInRange('\0', ' ') >= 0 || path.Contains('\u007f') || path.Contains('#'))
        {
            problem = "a URL's path has no spaces, control characters or fragment";
            return false;
        }

        return TryParseAuthority(authority, tls, path[0] == '/' ? path : "/" + path, out origin, out problem);
    }

    /// <summary>Reads digit by digit, because int.TryParse sets up a culture first, at every start.</summary>
    private static bool TryReadPort(ReadOnlySpan<char> text, out int port)
    {
        port = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit(digit) || port > ushort.MaxValue)
            {
                return false;
            }

            port = (port * 10) + (digit - '0');
        }

        return port is > 0 and <= ushort.MaxValue;
    }

    private static bool TryParseAuthority(ReadOnlySpan<char> authority, bool tls, string path, out Origin origin, out string problem)
    {
        origin = null!;
        var port = tls ? 443 : 80;
        var colon = authority.LastIndexOf(':');
        var bracket = authority.LastIndexOf(']');
        if (colon > bracket)
        {
            if (!TryReadPort(authority[(colon + 1)..], out port))
            {
                problem = "a port is a number from 1 to 65535";
                return false;
            }

            authority = authority[..colon];
        }

        foreach (var letter in authority)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && !"-._[]:".Contains(letter))
            {
                problem = "a host is letters, digits, dots and hyphens, or an address";
                return false;
            }
        }

        if (authority.IsEmpty || authority.Length > 253 || authority[0] == '.')
        {
            problem = "a URL needs a host";
            return false;
        }

        origin = new(tls, authority.ToString().ToLowerInvariant(), port, path);
        problem = "";
        return true;
    }
}
