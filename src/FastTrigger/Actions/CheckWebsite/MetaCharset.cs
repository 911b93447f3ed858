using System.Text;

namespace FastTrigger.Actions.CheckWebsite;

/// <summary>
/// The character sets that a page of HTML itself declares in its first 1,024 bytes: "prescan a byte stream to determine its encoding"
/// (html.spec.whatwg.org/multipage/parsing.html). Comments and the attributes of other elements declare nothing.
/// </summary>
internal ref struct MetaCharset(ReadOnlySpan<byte> page)
{
    private const int MaxBytes = 1024;

    private readonly ReadOnlySpan<byte> _page = page[..Math.Min(page.Length, MaxBytes)];
    private int _at;

    /// <summary>The next name, in lower case; false when there is none.</summary>
    public bool TryNext(out string name)
    {
        name = "";
        while (_at < _page.Length)
        {
            var rest = _page[_at..];
            if (rest.StartsWith("<!--"u8))
            {
                // The dashes of <!--> are those of its end, too.
                var end = rest[2..].IndexOf("-->"u8);
                _at = end < 0 ? _page.Length : _at + end + 5;
            }
            else if (rest.Length > 5 && Ascii.EqualsIgnoreCase(rest[..5], "<meta"u8) && (IsSpace(rest[5]) || rest[5] == '/'))
            {
                _at += 5;
                if (ReadMeta(out name))
                {
                    return true;
                }
            }
            else if (IsTag(rest))
            {
                var end = rest.IndexOfAny(" \t\r\n\f>"u8);
                _at = end < 0 ? _page.Length : _at + end;
                while (TryAttribute(out _, out _))
                {
                }
            }
            else
            {
                var isOther = rest.StartsWith("<!"u8) || rest.StartsWith("</"u8) || rest.StartsWith("<?"u8);
                var end = isOther ? rest.IndexOf((byte)'>') : 0;
                _at = end < 0 ? _page.Length : _at + end + 1;
            }
        }

        return false;
    }

    private bool ReadMeta(out string name)
    {
        string? charset = null, content = null, pragma = null;
        while (TryAttribute(out var attribute, out var value))
        {
            // Of an attribute that stands twice the first counts.
            switch (attribute)
            {
                case "http-equiv":
                    pragma ??= value;
                    break;
                case "content":
                    content ??= value;
                    break;
                case "charset":
                    charset ??= value;
                    break;
            }
        }

        name = charset ?? (pragma == "content-type" ? OfContentType(content ?? "") : "");
        return name.Length > 0;
    }

    /// <summary>The charset of `text/html; charset=NAME`; empty without one.</summary>
    private static string OfContentType(string content)
    {
        var at = content.IndexOf("charset", StringComparison.Ordinal);
        var rest = at < 0 ? "" : content[(at + "charset".Length)..].TrimStart();
        if (!rest.StartsWith('='))
        {
            return "";
        }

        rest = rest[1..].TrimStart();
        if (rest.StartsWith('"') || rest.StartsWith('\''))
        {
            var close = rest.IndexOf(rest[0], 1);
            return close < 0 ? "" : rest[1..close];
        }

        var end = rest.AsSpan().IndexOfAny("; \t\r\n\f");
        return end < 0 ? rest : rest[..end];
    }

    /// <summary>The next attribute of the element that is being read, both in lower case; false at the element's end.</summary>
    private bool TryAttribute(out string name, out string value)
    {
        name = value = "";
        while (_at < _page.Length && (IsSpace(_page[_at]) || _page[_at] == '/'))
        {
            _at++;
        }

        if (_at >= _page.Length || _page[_at] == '>')
        {
            return false;
        }

        // A name may start with =.
        var length = _page[(_at + 1)..].IndexOfAny(" \t\r\n\f/>="u8);
        name = Take(length < 0 ? _page.Length - _at : length + 1);
        SkipSpaces();
        if (_at >= _page.Length || _page[_at] != '=')
        {
            return true;
        }

        _at++;
        SkipSpaces();
        if (_at < _page.Length && _page[_at] is (byte)'"' or (byte)'\'')
        {
            var quote = _page[_at++];
            var close = _page[_at..].IndexOf(quote);
            value = Take(close < 0 ? _page.Length - _at : close);
            _at = Math.Min(_at + 1, _page.Length);
            return close >= 0;
        }

        var end = _page[_at..].IndexOfAny(" \t\r\n\f>"u8);
        value = Take(end < 0 ? _page.Length - _at : end);
        return true;
    }

    private string Take(int length)
    {
        var text = Encoding.UTF8.GetString(_page.Slice(_at, length)).ToLowerInvariant();
        _at += length;
        return text;
    }

    private void SkipSpaces()
    {
        while (_at < _page.Length && IsSpace(_page[_at]))
        {
            _at++;
        }
    }

    private static bool IsTag(ReadOnlySpan<byte> text) => text[0] == '<'
        && text.Length > 1
        && (char.IsAsciiLetter((char)text[1]) || (text[1] == '/' && text.Length > 2 && char.IsAsciiLetter((char)text[2])));

    private static bool IsSpace(byte letter) => letter is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'\f';
}
