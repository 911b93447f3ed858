using System.Text;
using FastTrigger.Core;

namespace FastTrigger.Http;

/// <summary>Writes a request for a server outside AWS: a website, or the server of a `call`.</summary>
internal static class HttpRequest
{
    public static ByteBuffer Write(
        ByteBuffer buffer,
        string method,
        Origin origin,
        IReadOnlyList<(string Name, string Value)> headers,
        ReadOnlySpan<byte> body)
    {
        buffer.Clear().Append(method).Append((byte)' ').Append(origin.Path).Append(" HTTP/1.1\r\nHost: "u8).Append(origin.Authority)
            .Append("\r\nUser-Agent: fasttrigger\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n"u8);
        foreach (var (name, value) in headers)
        {
            buffer.Append(name).Append(": "u8).Append(value).Append("\r\n"u8);
        }

        if (!body.IsEmpty || method is "POST" or "PUT" or "PATCH")
        {
            buffer.Append("Content-Length: "u8).Append(body.Length).Append("\r\n"u8);
        }

        return buffer.Append("\r\n"u8).Append(body);
    }

    /// <summary>Null when a route may set a header of this name; else the reason why not.</summary>
    public static string? RefuseHeader(string name)
    {
        if (name.Length == 0)
        {
            return "a header needs a name";
        }

        if (!IsToken(Encoding.UTF8.GetBytes(name)))
        {
            return "the name of a header is letters, digits and hyphens";
        }

        return IsReserved(name.ToLowerInvariant()) ? $"the header {name} is set by FastTrigger itself" : null;
    }

    /// <summary>Whether it may be the name of a header (RFC 9110, 5.6.2).</summary>
    public static bool IsToken(ReadOnlySpan<byte> name)
    {
        foreach (var letter in name)
        {
            // A bit for each of the 128 letters of ASCII.
            var letters = letter < 64 ? 0x03FF_6CFA_0000_0000UL : 0x57FF_FFFF_C7FF_FFFEUL;
            if (letter > 127 || ((letters >> letter) & 1) == 0)
            {
                return false;
            }
        }

        return !name.IsEmpty;
    }

    /// <summary>Whether a text may be the value of a header: one line without control characters (RFC 9110, 5.5).</summary>
    public static bool IsHeaderValue(ReadOnlySpan<char> value)
    {
        foreach (var letter in value)
        {
            if (letter is < ' ' and not '\t' or '\u007f')
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsReserved(string lowerName) =>
        lowerName is "host" or "content-length" or "transfer-encoding" or "connection" or "user-agent" or "accept-encoding"
            or "te" or "upgrade" or "expect";
}
