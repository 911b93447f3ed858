using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using FastTrigger.Http;

namespace FastTrigger.Actions.CheckWebsite;

/// <summary>The text of a page: decompressed, and searched in the character set that the page is written in.</summary>
internal sealed class PageText
{
    /// <summary>What Windows-1252 has in the place of the control characters from 0x80 to 0x9F (encoding.spec.whatwg.org).</summary>
    private const string From80 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Charset _charset;

    private PageText(ReadOnlyMemory<byte> bytes, Charset charset)
    {
        _bytes = bytes;
        _charset = charset;
    }

    private enum Charset
    {
        Unknown,
        Utf8,
        Windows1252,
        Utf16Little,
        Utf16Big,
    }

    /// <summary>Null, with the problem, when the page cannot be decompressed or its character set is unknown.</summary>
    public static PageText? Read(HttpResponse response, int maxBytes, out string problem)
    {
        if (ContentCoding.Decode(response, maxBytes, out problem) is not { } bytes)
        {
            return null;
        }

        // A byte order mark says more than the header, as for browsers.
        var mark = bytes.Span;
        if (mark.StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf]))
        {
            return new(bytes[3..], Charset.Utf8);
        }

        if (mark.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]) || mark.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff]))
        {
            return new(bytes[2..], mark[0] == 0xff ? Charset.Utf16Little : Charset.Utf16Big);
        }

        var type = response.Header("content-type"u8) ?? "";
        var name = CharsetName(type);
        var charset = name.Length == 0 ? Declared(type, mark) : Find(name);
        if (charset == Charset.Unknown)
        {
            problem = $"the page's charset '{(name.Length > 40 ? name[..40] : name)}' is unknown; "
                + "UTF-8, UTF-16, ISO-8859-1 and Windows-1252 can be searched";
            return null;
        }

        return new(bytes, charset);
    }

    public bool Contains(string text)
    {
        switch (_charset)
        {
            case Charset.Utf8:
                return _bytes.Span.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
            case Charset.Windows1252:
                return Windows1252(text) is { } narrow && _bytes.Span.IndexOf(narrow) >= 0;
            default:
                var units = text.ToCharArray();
                if (_charset == Charset.Utf16Big)
                {
                    var raw = MemoryMarshal.Cast<char, ushort>(units.AsSpan());
                    BinaryPrimitives.ReverseEndianness(raw, raw);
                }

                return MemoryMarshal.Cast<byte, char>(_bytes.Span).IndexOf(units) >= 0;
        }
    }

    /// <summary>The text in Windows-1252; null when it has a character that no such page can have.</summary>
    private static byte[]? Windows1252(string text)
    {
        var bytes = new byte[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            var isSame = text[i] is < '\u0080' or (>= '\u00a0' and <= '\u00ff');
            var at = isSame ? 0 : From80.IndexOf(text[i]);
            if (at < 0)
            {
                return null;
            }

            bytes[i] = (byte)(isSame ? text[i] : 0x80 + at);
        }

        return bytes;
    }

    /// <summary>What a page of HTML declares itself, where its server does not say; else UTF-8.</summary>
    private static Charset Declared(string contentType, ReadOnlySpan<byte> page)
    {
        if (contentType.Length == 0 || contentType.StartsWith("text/html", StringComparison.OrdinalIgnoreCase))
        {
            var declarations = new MetaCharset(page);
            while (declarations.TryNext(out var name))
            {
                // A name that is unknown does not count. The declaration could not be read if the page were UTF-16.
                if (Find(name) is not Charset.Unknown and var found)
                {
                    return found is Charset.Windows1252 ? found : Charset.Utf8;
                }
            }
        }

        return Charset.Utf8;
    }

    /// <summary>The value of the parameter charset; empty without one.</summary>
    private static string CharsetName(string contentType)
    {
        foreach (var part in contentType.Split(';', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("charset=", StringComparison.OrdinalIgnoreCase))
            {
                return part["charset=".Length..].Trim(' ', '"', '\'').ToLowerInvariant();
            }
        }

        return "";
    }

    /// <summary>As browsers, which read ISO-8859-1 and ASCII as Windows-1252.</summary>
    private static Charset Find(string name) => name switch
    {
        "" or "utf-8" or "utf8" => Charset.Utf8,
        "iso-8859-1" or "iso8859-1" or "latin1" or "windows-1252" or "cp1252" or "us-ascii" or "ascii" => Charset.Windows1252,
        "utf-16" or "utf-16le" => Charset.Utf16Little,
        "utf-16be" => Charset.Utf16Big,
        _ => Charset.Unknown,
    };
}
