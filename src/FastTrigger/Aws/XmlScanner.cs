using System.Globalization;
using System.Text;

namespace FastTrigger.Aws;

/// <summary>
/// Reads XML as EC2 writes it: elements and text, no DTD, no mixed content. XmlReader would be a sixth of the whole zip. Text that is not
/// well-formed ends the reading.
/// </summary>
internal ref struct XmlScanner(ReadOnlySpan<byte> xml)
{
    private ReadOnlySpan<byte> _rest = xml;
    private ReadOnlySpan<byte> _text;
    private bool _closeNext;

    /// <summary>The name of the element that starts or ends here.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    public bool IsEnd { get; private set; }

    /// <summary>The number of open elements, with this one.</summary>
    public int Depth { get; private set; }

    /// <summary>The characters between an element's start and the next tag, with entities resolved.</summary>
    public readonly string Text => Decode(_text);

    /// <summary>Whether nothing but white space is left.</summary>
    public readonly bool IsAtEnd => !_closeNext && _rest.Trim(" \t\r\n"u8).IsEmpty;

    public readonly bool IsText(ReadOnlySpan<byte> name) => !IsEnd && Name.SequenceEqual(name);

    /// <summary>Reads the next start or end of an element.</summary>
    public bool Read()
    {
        if (IsEnd)
        {
            Depth--;
            IsEnd = false;
        }

        if (_closeNext)
        {
            _closeNext = false;
            IsEnd = true;
            return true;
        }

        while (true)
        {
            var open = _rest.IndexOf((byte)'<');
            var close = open < 0 ? -1 : _rest[open..].IndexOf((byte)'>');
            if (close < 0)
            {
                return false;
            }

            var tag = _rest.Slice(open + 1, close - 1);
            _rest = _rest[(open + close + 1)..];
            if (tag.IsEmpty)
            {
                return false;
            }

            if (tag[0] is (byte)'?' or (byte)'!')
            {
                continue;
            }

            return tag[0] == '/' ? Close(tag[1..]) : Open(tag);
        }
    }

    private bool Open(ReadOnlySpan<byte> tag)
    {
        _closeNext = tag[^1] == '/';
        tag = _closeNext ? tag[..^1] : tag;
        var end = tag.IndexOfAny(" \t\r\n"u8);
        Name = end < 0 ? tag : tag[..end];
        var next = _rest.IndexOf((byte)'<');
        _text = _closeNext || next < 0 ? default : _rest[..next];
        Depth++;
        return true;
    }

    private bool Close(ReadOnlySpan<byte> name)
    {
        Name = name.TrimEnd(" \t\r\n"u8);
        _text = default;
        IsEnd = true;
        return Depth > 0;
    }

    private static string Decode(ReadOnlySpan<byte> raw)
    {
        var text = Encoding.UTF8.GetString(raw);
        if (!text.Contains('&'))
        {
            return text;
        }

        var decoded = new StringBuilder(text.Length);
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var start = rest.IndexOf('&');
            var end = start < 0 ? -1 : rest[start..].IndexOf(';');
            if (end < 0)
            {
                decoded.Append(rest);
                break;
            }

            decoded.Append(rest[..start]).Append(Entity(rest.Slice(start + 1, end - 1)));
            rest = rest[(start + end + 1)..];
        }

        return decoded.ToString();
    }

    private static string Entity(ReadOnlySpan<char> name)
    {
        switch (name)
        {
            case "lt":
                return "<";
            case "gt":
                return ">";
            case "amp":
                return "&";
            case "quot":
                return "\"";
            case "apos":
                return "'";
        }

        var isHex = name.StartsWith("#x");
        var style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        return name.StartsWith("#")
            && int.TryParse(name[(isHex ? 2 : 1)..], style, CultureInfo.InvariantCulture, out var code)
            && Rune.IsValid(code)
                ? new Rune(code).ToString()
                : "";
    }
}
