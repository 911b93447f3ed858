using System.Globalization;
using System.Text;

namespace FastTrigger.Cli.Json;

/// <summary>
/// Says what is wrong with a file that is not JSON, and where a person would mend it (RFC 8259, with // and /* */ comments). Whether a file
/// is JSON is decided by System.Text.Json, which only says where it stopped.
/// </summary>
internal sealed class JsonSyntax
{
    /// <summary>As much of a word as a message needs.</summary>
    private const int MaxWord = 80;

    private readonly byte[] _text;
    private readonly Stack<(char Bracket, int Offset)> _open = new();
    private Expected _next = Expected.Value;
    private int _at;

    /// <summary>The first byte after the last token.</summary>
    private int _end;

    /// <summary>Whether the last token was a string.</summary>
    private bool _afterString;

    private (int Offset, string Message)? _problem;

    private JsonSyntax(ReadOnlySpan<byte> text) => _text = text.ToArray();

    /// <summary>What may come next.</summary>
    private enum Expected
    {
        Value,
        ValueOrEnd,
        ValueAfterComma,
        KeyOrEnd,
        KeyAfterComma,
        Colon,
        CommaOrEnd,
        EndOfFile,
    }

    /// <summary>The first mistake and its offset in bytes; null when there is none.</summary>
    public static (int Offset, string Message)? Explain(ReadOnlySpan<byte> text)
    {
        var syntax = new JsonSyntax(text);
        while (syntax._problem is null && syntax.SkipSpace())
        {
            syntax.ReadToken();
        }

        return syntax._problem ?? syntax.ExplainEnd();
    }

    private (int Offset, string Message)? ExplainEnd()
    {
        if (_open.TryPeek(out var open))
        {
            return (open.Offset, $"this {open.Bracket} is not closed: a {Closing(open.Bracket)} is missing");
        }

        return _next == Expected.Value ? (0, "the file is empty; JSON is expected") : null;
    }

    private void Fail(int offset, string message) => _problem = (offset, message);

    /// <summary>False at the end of the file.</summary>
    private bool SkipSpace()
    {
        while (_at < _text.Length)
        {
            var rest = _text.AsSpan(_at);
            if (rest[0] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                _at++;
            }
            else if (rest.StartsWith("//"u8))
            {
                var end = rest.IndexOf((byte)'\n');
                _at = end < 0 ? _text.Length : _at + end;
            }
            else if (rest.StartsWith("/*"u8))
            {
                var end = rest.IndexOf("*/"u8);
                if (end < 0)
                {
                    Fail(_at, "this comment is not closed: a */ is missing");
                    return false;
                }

                _at += end + 2;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private void ReadToken()
    {
        var start = _at;
        var letter = (char)_text[_at];
        switch (letter)
        {
            case ',':
                ReadComma();
                break;
            case ':':
                ReadColon();
                break;
            case '{' or '[':
                Open(letter);
                break;
            case '}' or ']':
                Close(letter);
                break;
            case '"':
                BeginValue(isString: true);
                ReadString();
                break;
            default:
                ReadWord();
                break;
        }

        _end = _at;
        _afterString = letter == '"';
        if (_at == start && _problem is null)
        {
            Fail(start, "this is not JSON");
        }
    }

    private void ReadComma()
    {
        switch (_next)
        {
            case Expected.CommaOrEnd:
                _next = _open.Peek().Bracket == '{' ? Expected.KeyAfterComma : Expected.ValueAfterComma;
                break;
            case Expected.Colon:
                Fail(_end, "this key has no value: a : and the value are missing");
                break;
            case Expected.EndOfFile:
                Fail(_at, "the file goes on after its end: remove the comma and what follows");
                break;
            default:
                Fail(_at, "this comma has no value before it: remove the comma, or write the value");
                break;
        }

        _at++;
    }

    private void ReadColon()
    {
        if (_next == Expected.Colon)
        {
            _next = Expected.Value;
        }
        else if (_next == Expected.CommaOrEnd && _open.Peek().Bracket == '[')
        {
            Fail(_at, "a list has no keys: write { } around the key and its value");
        }
        else
        {
            Fail(_at, "a : stands between a key and its value, and there is no key here");
        }

        _at++;
    }

    private void Open(char bracket)
    {
        BeginValue(isString: false);
        _open.Push((bracket, _at));
        _next = bracket == '{' ? Expected.KeyOrEnd : Expected.ValueOrEnd;
        _at++;
    }

    private void Close(char bracket)
    {
        if (!_open.TryPop(out var open))
        {
            Fail(_at, $"nothing is open here that {bracket} could close");
        }
        else if (_next == Expected.Colon)
        {
            Fail(_end, "this key has no value: a : and the value are missing");
        }
        else if (_next == Expected.Value)
        {
            Fail(_at, "the value is missing after the :");
        }
        else if (bracket != Closing(open.Bracket))
        {
            var line = _text.AsSpan(0, open.Offset).Count((byte)'\n') + 1;
            Fail(_at, string.Create(
                CultureInfo.InvariantCulture,
                $"{bracket} cannot close the {open.Bracket} of line {line}: a {Closing(open.Bracket)} is missing before it"));
        }
        else if (_next is Expected.KeyAfterComma or Expected.ValueAfterComma)
        {
            Fail(_end - 1, $"a trailing comma: JSON has none before {bracket}; remove it");
        }

        EndValue();
        _at++;
    }

    private static char Closing(char bracket) => bracket == '{' ? '}' : ']';

    /// <summary>Whether a value, or the string of a key, may stand here.</summary>
    private void BeginValue(bool isString)
    {
        switch (_next)
        {
            case Expected.CommaOrEnd when _afterString && _end == _at:
                Fail(_at, "a quote inside a string is written \\\"");
                break;
            case Expected.CommaOrEnd:
                Fail(_end, "a comma is missing here");
                break;
            case Expected.Colon:
                Fail(_end, "a : is missing here, between the key and its value");
                break;
            case Expected.EndOfFile:
                Fail(_at, "the file goes on after its end: it may have one value only");
                break;
            case Expected.KeyOrEnd or Expected.KeyAfterComma when !isString:
                Fail(_at, "a key is missing here: an object has \"key\": value");
                break;
        }
    }

    private void EndValue() => _next = _open.Count == 0 ? Expected.EndOfFile : Expected.CommaOrEnd;

    private void ReadString()
    {
        _problem ??= JsonString.Read(_text, _at, out _at);
        if (_next is Expected.KeyOrEnd or Expected.KeyAfterComma)
        {
            _next = Expected.Colon;
        }
        else
        {
            EndValue();
        }
    }

    /// <summary>Reads a number, true, false or null, or what was meant to be something else.</summary>
    private void ReadWord()
    {
        var text = Encoding.UTF8.GetString(_text.AsSpan(_at, Math.Min(MaxWord, _text.Length - _at)));
        var isKey = _next is Expected.KeyOrEnd or Expected.KeyAfterComma;
        if (JsonWord.DescribeSign(text[0]) is { } wrongSign)
        {
            Fail(_at, wrongSign);
            return;
        }

        BeginValue(isString: isKey);
        var word = JsonWord.Find(text);
        if (_problem is null && (isKey || !JsonWord.IsLiteral(word)))
        {
            Fail(_at, JsonWord.Describe(word, isKey));
        }

        _at += Encoding.UTF8.GetByteCount(word);
        EndValue();
    }
}
