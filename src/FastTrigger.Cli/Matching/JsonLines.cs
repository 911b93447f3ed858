using FastTrigger.Core;

namespace FastTrigger.Cli.Matching;

/// <summary>
/// Reads JSON values one after the other: one a line (jsonlines.org), or each over several lines, as tools print them. It keeps one of them
/// in memory. Every line is part of an event or of a mistake: after a value that is broken inside of brackets, the lines that are indented
/// or close brackets are the rest of it. A value that is valid is never cut. One that lacks its end is a mistake up to the first line
/// that is a value of its own.
/// </summary>
internal sealed class JsonLines(Stream input, string file)
{
    /// <summary>Lambda takes events of 6 MB at most (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).</summary>
    private const int MaxBytes = 6 * 1024 * 1024;

    private readonly ByteBuffer _value = new(1024);
    private readonly byte[] _buffer = new byte[64 * 1024];
    private Brackets _brackets;

    /// <summary>The line that the value started in.</summary>
    private int _start;

    /// <summary>The first line inside of the value that is a value of its own, and where it starts; 0 for none.</summary>
    private (int Line, int Offset) _inner;

    /// <summary>Whether the next lines may be the rest of a value that is broken.</summary>
    private bool _isBroken;

    /// <summary>Whether the value is too long, and has not ended.</summary>
    private bool _isTooLong;

    public static IEnumerable<SavedEvent> Read(Stream input, string file) => new JsonLines(input, file).Read();

    private IEnumerable<SavedEvent> Read()
    {
        var number = 0;
        foreach (var (line, isCut) in Lines())
        {
            number++;
            var text = number == 1 && line.Span.StartsWith(System.Text.Encoding.UTF8.Preamble) ? line[3..] : line;
            if (_brackets.TakesNoValue && IsOwn(text.Span))
            {
                _isTooLong = false;
                foreach (var one in GiveUp())
                {
                    yield return one;
                }
            }

            if (Add(text, isCut, number) is { } found)
            {
                yield return found;
            }
        }

        foreach (var one in GiveUp())
        {
            yield return one;
        }
    }

    /// <summary>A line that is a value of its own, whatever it stands in.</summary>
    private static bool IsOwn(ReadOnlySpan<byte> line) => line is [(byte)'{' or (byte)'[', ..] && Brackets.IsWhole(line);

    /// <summary>The value or the mistake that ends with this line; null when none does.</summary>
    private SavedEvent? Add(ReadOnlyMemory<byte> text, bool isCut, int number)
    {
        if (_isTooLong)
        {
            _brackets.Read(text.Span);
            _isTooLong = !_brackets.IsEnd;
            return null;
        }

        if (text.Span.Trim(" \t\r"u8).IsEmpty || (_isBroken && text.Span[0] is (byte)' ' or (byte)'\t' or (byte)'}' or (byte)']'))
        {
            return null;
        }

        (_isBroken, _start) = (false, _value.Length == 0 ? number : _start);
        _brackets = _value.Length == 0 ? default : _brackets;
        if (isCut || _value.Length + text.Length > MaxBytes)
        {
            var name = $"{file}:{_start}";
            _value.Clear();
            _inner = default;
            _brackets.Read(text.Span);
            _isTooLong = !isCut && !_brackets.IsEnd;
            return new(name, default, $"{name}: it has over 6 MB, which is the most that Lambda takes");
        }

        _inner = _inner.Line == 0 && _value.Length > 0 && IsOwn(text.Span) ? (number, _value.Length) : _inner;
        _value.Append(text.Span).Append((byte)'\n');
        _brackets.Read(text.Span);
        return _brackets.IsEnd ? Take() : null;
    }

    /// <summary>The value lacks its end: it is a mistake, and what is a value of its own inside of it is an event.</summary>
    private List<SavedEvent> GiveUp()
    {
        var found = new List<SavedEvent>();
        var (number, offset) = _inner;
        if (number > 0)
        {
            var rest = _value.Span[offset..^1].ToArray();
            _value.Truncate(offset);
            found.Add(Take());
            foreach (var range in rest.AsSpan().Split((byte)'\n'))
            {
                if (_value.Length > 0 && IsOwn(rest.AsSpan(range)))
                {
                    found.Add(Take());
                }

                found.AddRange(Add(rest.AsMemory(range), isCut: false, number++) is { } one ? [one] : []);
            }
        }

        found.AddRange(_value.Length > 0 ? [Take()] : []);
        return found;
    }

    private SavedEvent Take()
    {
        var found = SavedEvent.Read(file, _value.Span.ToArray(), _start);
        _value.Clear();
        _inner = default;
        _isBroken = found.Problem is not null && _brackets.IsOpen;
        return found;
    }

    /// <summary>Lines without their line feeds. Of one that is too long only the start is kept.</summary>
    private IEnumerable<(ReadOnlyMemory<byte> Line, bool IsCut)> Lines()
    {
        var line = new MemoryStream();
        for (int count; (count = input.Read(_buffer)) > 0;)
        {
            for (int from = 0, end; from < count; from = end + 1)
            {
                var rest = _buffer.AsSpan(from, count - from);
                var length = rest.IndexOf((byte)'\n');
                end = length < 0 ? count : from + length;
                if (line.Length <= MaxBytes)
                {
                    line.Write(_buffer, from, end - from);
                }

                if (length >= 0)
                {
                    yield return (line.ToArray(), line.Length > MaxBytes);
                    line.SetLength(0);
                }
            }
        }

        if (line.Length > 0)
        {
            yield return (line.ToArray(), line.Length > MaxBytes);
        }
    }

    /// <summary>How deep a text is inside of brackets. Whether it is JSON is asked when it has ended.</summary>
    private struct Brackets
    {
        private int _depth;
        private bool _isBroken;
        private byte _first;

        /// <summary>The last one that is no blank.</summary>
        private byte _last;

        /// <summary>Whether the value has ended, or cannot end any more.</summary>
        public readonly bool IsEnd => _isBroken || !IsOpen;

        /// <summary>Whether it is inside of the brackets that it starts with.</summary>
        public readonly bool IsOpen => _first is (byte)'{' or (byte)'[' && _depth > 0;

        /// <summary>Whether the value has not ended and cannot go on with another value.</summary>
        public readonly bool TakesNoValue => !IsEnd && _last is not ((byte)'[' or (byte)',' or (byte)':');

        /// <summary>Whether a line closes all brackets that it opens, and ends there.</summary>
        public static bool IsWhole(ReadOnlySpan<byte> line)
        {
            var brackets = default(Brackets);
            brackets.Read(line);
            return brackets is { _depth: 0, _isBroken: false, _last: (byte)'}' or (byte)']' };
        }

        /// <summary>Reads one more line.</summary>
        public void Read(ReadOnlySpan<byte> line)
        {
            var inString = false;
            for (var i = 0; i < line.Length; i++)
            {
                var letter = line[i];
                _last = letter is (byte)' ' or (byte)'\t' or (byte)'\r' ? _last : letter;
                _first = _first == 0 ? _last : _first;
                if (letter == '"')
                {
                    inString = !inString;
                }
                else if (inString)
                {
                    i += letter == '\\' ? 1 : 0;
                }
                else
                {
                    _depth += letter is (byte)'{' or (byte)'[' ? 1 : letter is (byte)'}' or (byte)']' ? -1 : 0;
                }

                _isBroken |= _depth < 0;
            }

            // No string has a line feed.
            _isBroken |= inString;
        }
    }
}
