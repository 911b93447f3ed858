using System.Buffers.Text;
using System.Text;
using FastTrigger.Core;

namespace FastTrigger.Http;

/// <content>The status line and the headers. What two readers could understand in two ways is refused (RFC 9112, 5 and 11).</content>
internal sealed partial class HttpResponse
{
    /// <summary>A server sends one or two interim answers (100 Continue, 103 Early Hints).</summary>
    private const int MaxInterim = 32;

    /// <summary>Skips interim answers and reads the head of the final one. All of them together have one limit.</summary>
    private HttpProblem ReadFinalHead(Transport transport, HttpLimits limits, Deadline firstByte, Deadline deadline)
    {
        var skipped = 0;
        for (var interim = 0; ; interim++)
        {
            var problem = ReadHead(transport, limits.Head, skipped, firstByte, deadline);
            if (!problem.IsNone || Status >= 200)
            {
                return problem;
            }

            if (Status == 101)
            {
                return Malformed("the server switches to another protocol, which nobody asked for (status 101)");
            }

            if (interim == MaxInterim)
            {
                return new(HttpFault.TooLarge, $"the server sent more than {MaxInterim} interim answers (status {Status})", true);
            }

            // The buffer is for the final answer.
            skipped += _headEnd;
            _buffer.AsSpan(_headEnd, _end - _headEnd).CopyTo(_buffer);
            _end -= _headEnd;
            _headEnd = 0;
        }
    }

    private HttpProblem ReadHead(Transport transport, int maxBytes, int skipped, Deadline firstByte, Deadline deadline)
    {
        var searched = 0;
        while (true)
        {
            // A peer that does not speak HTTP/1 may never send an empty line.
            var begins = Math.Min(_end, "HTTP/1."u8.Length);
            if (!_buffer.AsSpan(0, begins).SequenceEqual("HTTP/1."u8[..begins]))
            {
                return NoStatusLine();
            }

            var end = FindHeadEnd(searched);
            if (skipped + (end < 0 ? _end : end) > maxBytes)
            {
                return TooLarge("header", maxBytes);
            }

            if (end >= 0)
            {
                _headEnd = end;
                return ParseHead();
            }

            searched = Math.Max(0, _end - 3);
            var problem = Fill(transport, _end == 0 ? firstByte : deadline);
            if (!problem.IsNone)
            {
                return problem;
            }
        }
    }

    /// <summary>The position after the empty line; -1 when there is no empty line yet.</summary>
    private int FindHeadEnd(int from)
    {
        for (var i = from; i < _end;)
        {
            var feed = _buffer.AsSpan(i, _end - i).IndexOf((byte)'\n');
            if (feed < 0)
            {
                return -1;
            }

            i += feed + 1;
            if (i < _end && _buffer[i] == '\n')
            {
                return i + 1;
            }

            if (i + 1 < _end && _buffer[i] == '\r' && _buffer[i + 1] == '\n')
            {
                return i + 2;
            }
        }

        return -1;
    }

    private HttpProblem ParseHead()
    {
        var head = _buffer.AsSpan(0, _headEnd);
        if (!TryReadStatus(head))
        {
            return NoStatusLine();
        }

        var line = head.IndexOf((byte)'\n') + 1;
        for (var number = 1; ; number++)
        {
            var length = head[line..].IndexOf((byte)'\n');
            var text = length > 0 && head[line + length - 1] == '\r' ? head.Slice(line, length - 1) : head.Slice(line, length);
            if (text.IsEmpty)
            {
                break;
            }

            if (text.ContainsAny((byte)'\r', (byte)0))
            {
                return Malformed($"header line {number} of the answer has a carriage return or a NUL in it");
            }

            if (text[0] is (byte)' ' or (byte)'\t' && number > 1)
            {
                // An old way to continue a value on the next line, which a reader replaces by spaces (RFC 9112, 5.2).
                head[line - 1] = (byte)' ';
                head[line - 2] = head[line - 2] == '\r' ? (byte)' ' : head[line - 2];
            }
            else if (!HttpRequest.IsToken(text[..Math.Max(text.IndexOf((byte)':'), 0)]))
            {
                return Malformed($"header line {number} of the answer does not begin with a name and a colon");
            }

            line += length + 1;
        }

        KeepAlive = head[7] == '1' && !IsClosing();
        return HttpProblem.None;
    }

    private bool TryReadStatus(ReadOnlySpan<byte> head)
    {
        if (head.Length < 13 || head[7] is < (byte)'0' or > (byte)'9' || head[8] != ' ' || head[9] is < (byte)'1' or > (byte)'9'
            || !Utf8Parser.TryParse(head.Slice(9, 3), out int status, out var used) || used != 3
            || head[12] is not ((byte)' ' or (byte)'\r' or (byte)'\n')
            || head[..head.IndexOf((byte)'\n')].Contains((byte)0))
        {
            return false;
        }

        Status = status;
        return true;
    }

    private HttpProblem NoStatusLine() => Malformed(
        _end > 4 && _buffer[3] == 4 && _buffer[0] == 0
            ? "the server answers in HTTP/2, and HTTP/1.1 is the only version that is spoken here"
            : "the answer does not begin with an HTTP/1.1 status line");

    private bool IsClosing()
    {
        var at = 0;
        while (TryGetHeader("connection"u8, ref at, out var options))
        {
            while (TakeItem(ref options, out var option))
            {
                if (Ascii.EqualsIgnoreCase(option, "close"u8))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Takes the next item of a list with commas (RFC 9110, 5.6.1); false when there is none.</summary>
    private static bool TakeItem(ref ReadOnlySpan<byte> list, out ReadOnlySpan<byte> item)
    {
        item = default;
        while (item.IsEmpty && !list.IsEmpty)
        {
            var comma = list.IndexOf((byte)',');
            item = (comma < 0 ? list : list[..comma]).Trim(" \t"u8);
            list = comma < 0 ? default : list[(comma + 1)..];
        }

        return !item.IsEmpty;
    }
}
