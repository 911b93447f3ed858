using System.Buffers.Text;
using System.Text;
using FastTrigger.Core;

namespace FastTrigger.Http;

/// <summary>
/// One answer, read into a buffer that the next answer on the same connection uses again. Header lines may end in LF or CRLF.
/// Header names are compared without regard to case. The answer may arrive split at any byte.
/// </summary>
internal sealed partial class HttpResponse
{
    private const int InitialSize = 8 * 1024, MaxKeptSize = 256 * 1024;
    private byte[] _buffer = new byte[InitialSize];
    private int _end, _headStart, _headEnd, _bodyStart, _bodyLength;

    public int Status { get; private set; }

    public bool KeepAlive { get; private set; }

    public ReadOnlyMemory<byte> Body => _buffer.AsMemory(_bodyStart, _bodyLength);

    /// <summary>The value of the first header of this lower-case name, without surrounding white space.</summary>
    public bool TryGetHeader(ReadOnlySpan<byte> lowerName, out ReadOnlySpan<byte> value)
    {
        var head = _buffer.AsSpan(_headStart, _headEnd - _headStart);
        var line = head.IndexOf((byte)'\n') + 1;
        while (line > 0 && line < head.Length)
        {
            var rest = head[line..];
            var length = rest.IndexOf((byte)'\n');
            length = length < 0 ? rest.Length : length;
            if (rest.Length > lowerName.Length
                && rest[lowerName.Length] == ':'
                && Ascii.EqualsIgnoreCase(rest[..lowerName.Length], lowerName))
            {
                value = rest[(lowerName.Length + 1)..length].Trim(" \t\r"u8);
                return true;
            }

            line += length + 1;
        }

        value = default;
        return false;
    }

    /// <summary>The value as text; null when the header is absent.</summary>
    public string? Header(ReadOnlySpan<byte> lowerName) =>
        TryGetHeader(lowerName, out var value) ? Encoding.UTF8.GetString(value) : null;

    /// <summary>Reads one whole answer. After a problem the connection must not be used again.</summary>
    public HttpProblem Read(Transport transport, HttpLimits limits, Deadline firstByte, Deadline deadline, bool bodyExpected)
    {
        Reset();
        do
        {
            var problem = ReadHead(transport, limits, firstByte, deadline);
            if (!problem.IsNone)
            {
                return problem;
            }
        }
        while (Status is >= 100 and < 200);

        _bodyStart = _headEnd;
        if (!bodyExpected || Status is 204 or 304)
        {
            return HttpProblem.None;
        }

        if (TryGetHeader("transfer-encoding"u8, out var coding))
        {
            return Ascii.EqualsIgnoreCase(coding, "chunked"u8)
                ? ReadChunks(transport, limits, deadline)
                : new(HttpFault.Malformed, $"unknown transfer coding '{Encoding.ASCII.GetString(coding)}'", true);
        }

        if (TryGetHeader("content-length"u8, out var length))
        {
            return Utf8Parser.TryParse(length, out long size, out var used) && used == length.Length && size >= 0
                ? ReadSized(transport, limits, deadline, size)
                : new(HttpFault.Malformed, $"Content-Length '{Encoding.ASCII.GetString(length)}' is not a number", true);
        }

        return ReadToEnd(transport, limits, deadline);
    }

    private void Reset()
    {
        if (_buffer.Length > MaxKeptSize)
        {
            _buffer = new byte[InitialSize];
        }

        _end = _headStart = _headEnd = _bodyStart = _bodyLength = 0;
        Status = 0;
        KeepAlive = false;
    }

    private HttpProblem ReadHead(Transport transport, HttpLimits limits, Deadline firstByte, Deadline deadline)
    {
        _headStart = _headEnd;
        var searched = _headStart;
        while (true)
        {
            var end = FindHeadEnd(searched);
            if (end >= 0)
            {
                _headEnd = end;
                return ParseStatus();
            }

            searched = Math.Max(_headStart, _end - 3);
            if (_end - _headStart >= limits.Head)
            {
                return new(HttpFault.TooLarge, $"the answer's header is over {limits.Head} bytes", true);
            }

            var problem = Fill(transport, _end == _headStart ? firstByte : deadline, 1);
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

    private HttpProblem ParseStatus()
    {
        var head = _buffer.AsSpan(_headStart, _headEnd - _headStart);
        if (head.Length < 13 || !head.StartsWith("HTTP/1."u8) || head[8] != ' '
            || !Utf8Parser.TryParse(head[9..], out int status, out var used) || used != 3)
        {
            return new(HttpFault.Malformed, "the answer does not begin with an HTTP/1.1 status line", true);
        }

        Status = status;
        var close = TryGetHeader("connection"u8, out var connection) && Ascii.EqualsIgnoreCase(connection, "close"u8);
        KeepAlive = head[7] == '1' && !close;
        return HttpProblem.None;
    }

    private HttpProblem FillTo(Transport transport, Deadline deadline, int end)
    {
        while (_end < end)
        {
            var problem = Fill(transport, deadline, end - _end);
            if (!problem.IsNone)
            {
                return problem;
            }
        }

        return HttpProblem.None;
    }

    private HttpProblem Fill(Transport transport, Deadline deadline, int space)
    {
        Reserve(_end + space);
        var result = transport.Read(_buffer.AsSpan(_end), deadline, out var count);
        _end += count;
        return result == IoResult.Ok ? HttpProblem.None : Describe(result, transport);
    }

    private HttpProblem Describe(IoResult result, Transport transport) => result switch
    {
        IoResult.TimedOut when _end == 0 => new(HttpFault.Silent, "no answer before the deadline", true),
        IoResult.TimedOut => new(HttpFault.Timeout, "the answer was not complete before the deadline", true),
        IoResult.Closed when _end == 0 => new(HttpFault.Reset, "the connection was closed without an answer", true),
        IoResult.Closed => new(HttpFault.Reset, "the connection was closed in the middle of the answer", true),
        _ => new(HttpFault.Reset, "the connection broke: " + transport.Failure, true),
    };

    private static HttpProblem TooLarge(HttpLimits limits) =>
        new(HttpFault.TooLarge, $"the answer's body is over {limits.Body} bytes", true);

    private void Reserve(int size)
    {
        if (_buffer.Length < size)
        {
            Array.Resize(ref _buffer, Math.Max(size, _buffer.Length * 2));
        }
    }
}
