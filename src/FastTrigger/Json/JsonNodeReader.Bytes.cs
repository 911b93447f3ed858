using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FastTrigger.Json;

/// <summary>What is between the values: each part is passed over and checked.</summary>
internal ref partial struct JsonNodeReader
{
    private bool Skip(char one, char other)
    {
        var isThere = _at < _text.Length && (_text[_at] == one || _text[_at] == other);
        _at += isThere ? 1 : 0;
        return isThere;
    }

    private bool SkipDigits()
    {
        var first = _at;
        while (_at < _text.Length && char.IsAsciiDigit((char)_text[_at]))
        {
            _at++;
        }

        return _at > first;
    }

    /// <summary>Whether a string ends; what is between the quotes is checked.</summary>
    private bool SkipString(out bool isEscaped)
    {
        isEscaped = false;
        for (var at = FindSpecial(_text, _at + 1); at < _text.Length; at = FindSpecial(_text, at))
        {
            if (_text[at] == '"')
            {
                _at = at + 1;
                return true;
            }

            // Else it is a control character.
            if (_text[at] != '\\' || at + 1 == _text.Length)
            {
                return false;
            }

            isEscaped = true;
            if ("\"\\/bfnrt"u8.Contains(_text[at + 1]))
            {
                at += 2;
            }
            else if (EventJson.Escaped(_text, at) >= 0)
            {
                at += 6;
            }
            else
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>The next quote, backslash or control character; the text's length when there is none.</summary>
    private static int FindSpecial(ReadOnlySpan<byte> text, int at)
    {
        for (; at <= text.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            var bytes = Vector128.Create(text.Slice(at, Vector128<byte>.Count));
            var special = Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
                | Vector128.Equals(bytes, Vector128.Min(bytes, Vector128.Create((byte)0x1f)));
            if (special.ExtractMostSignificantBits() is not 0 and var found)
            {
                return at + BitOperations.TrailingZeroCount(found);
            }
        }

        while (at < text.Length && text[at] is >= (byte)' ' and not ((byte)'"' or (byte)'\\'))
        {
            at++;
        }

        return at;
    }

    /// <summary>The byte after space and comments; 0, which no JSON has, at the end and at what is no comment.</summary>
    private byte Next()
    {
        byte next;
        do
        {
            next = AfterSpace();
        }
        while (next == '/' && SkipComment());

        return next == '/' ? (byte)0 : next;
    }

    /// <summary>The byte after space; 0 at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte AfterSpace()
    {
        var text = _text;
        var at = _at;
        while ((uint)at < (uint)text.Length)
        {
            var next = text[at];
            // Mostly there is none. In this form it is a test of one bit.
            if (next > ' ' || !(next == ' ' || next == '\n' || next == '\r' || next == '\t'))
            {
                _at = at;
                return next;
            }

            at++;
        }

        _at = at;
        return 0;
    }

    private bool SkipComment()
    {
        var rest = _text[_at..];
        var length = 0;
        if (rest.StartsWith("/*"u8))
        {
            length = rest[2..].IndexOf("*/"u8) is >= 0 and var end ? end + 4 : 0;
        }
        else if (rest.StartsWith("//"u8))
        {
            var line = rest.IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var end ? rest[..end] : rest;
            // Some readers take the two separators for ends of the line.
            length = line.IndexOf("\u2028"u8) < 0 && line.IndexOf("\u2029"u8) < 0 ? line.Length : 0;
        }

        _at += length;
        return length > 0;
    }
}
