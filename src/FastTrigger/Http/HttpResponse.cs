using System.Buffers.Text;
using System.Text;

namespace FastTrigger.Http;

/// <summary>
/// One answer, read into a buffer that the next answer on the same connection uses again. Header lines may end in LF or CRLF, names
/// are compared without case, and the answer may arrive split at any byte.
/// </summary>
internal sealed class HttpResponse
{
    private const int InitialSize = 8 * 1024, KeptSize = 256 * 1024;
    private byte[] _buffer = new byte[InitialSize];
    private int _end, _headStart, _headEnd, _bodyStart, _bodyLength;

    public int Status { get; private set; }

    public bool KeepAlive { get; private set; }

    public ReadOnlyMemory<byte> Body => _buffer.AsMemory(_bodyStart, _bodyLength);

    /// <summary>The value of the first header of that lower-case name, without surrounding white space.</summary>
    public bool TryGetHeader(ReadOnlySpan<byte> lowerName, out ReadOnlySpan<byte> value)
    {
        var head = _buffer.AsSpan(_headStart, _headEnd - _headStart);
        var line = head.IndexOf((byte)'\n') + 1;
        while (line > 0 && line < head.Length)
        {
            var rest = head[line..];
            var length = rest.IndexOf((byte)'\n');
            length = length < 0 ? rest.Length : length;
            if (rest.Length > lowerName.Length && rest[lowerName.Length] == ':' && Ascii.EqualsIgnoreCase(rest[..lowerName.Length], lowerName))
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

    /// <summary>Reads one whole answer. After a problem the connection is of no further use.</summary>
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
                : new(HttpFault.Malformed, $"Content-Length '{Encoding.ASCII.GetString(length)}' is no number", true);
        }

        return ReadToEnd(transport, limits, deadline);
    }

    private void Reset()
    {
        if (_buffer.Length > KeptSize)
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

    /// <summary>The position after the empty line, or -1.</summary>
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
        if (head.Length < 13 || !head.StartsWith("HTTP/1."u8) || head[8] != ' ' || !Utf8Parser.TryParse(head[9..], out int status, out var used) || used != 3)
        {
            return new(HttpFault.Malformed, "the answer does not begin with an HTTP/1.1 status line", true);
        }

        Status = status;
        var close = TryGetHeader("connection"u8, out var connection) && Ascii.EqualsIgnoreCase(connection, "close"u8);
        KeepAlive = head[7] == '1' && !close;
        return HttpProblem.None;
    }

    private HttpProblem ReadSized(Transport transport, HttpLimits limits, Deadline deadline, long size)
    {
        if (size > limits.Body)
        {
            return TooLarge(limits);
        }

        Reserve(_bodyStart + (int)size);
        while (_end - _bodyStart < size)
        {
            var problem = Fill(transport, deadline, 1);
            if (!problem.IsNone)
            {
                return problem;
            }
        }

        _bodyLength = (int)size;
        // Bytes behind the body belong to no request of ours.
        KeepAlive &= _end == _bodyStart + size;
        return HttpProblem.None;
    }

    private HttpProblem ReadToEnd(Transport transport, HttpLimits limits, Deadline deadline)
    {
        KeepAlive = false;
        while (true)
        {
            Reserve(_end + 1);
            switch (transport.Read(_buffer.AsSpan(_end), deadline, out var count))
            {
                case IoResult.Closed:
                    _bodyLength = _end - _bodyStart;
                    return HttpProblem.None;
                case IoResult.Ok:
                    _end += count;
                    if (_end - _bodyStart > limits.Body)
                    {
                        return TooLarge(limits);
                    }

                    break;
                case var failed:
                    return Describe(failed, transport);
            }
        }
    }

    /// <summary>Decodes in place: what is decoded never overtakes what is still to be decoded.</summary>
    private HttpProblem ReadChunks(Transport transport, HttpLimits limits, Deadline deadline)
    {
        var read = _bodyStart;
        var write = _bodyStart;
        while (true)
        {
            var problem = ReadLine(transport, deadline, read, out var line, out var next);
            if (!problem.IsNone)
            {
                return problem;
            }

            var digits = _buffer.AsSpan(line.Start, line.Length);
            var extension = digits.IndexOf((byte)';');
            digits = (extension < 0 ? digits : digits[..extension]).Trim(" \t"u8);
            if (!Utf8Parser.TryParse(digits, out int size, out var used, 'x') || used != digits.Length || size < 0)
            {
                return new(HttpFault.Malformed, "a chunk's size is no hexadecimal number", true);
            }

            if (write - _bodyStart + (long)size > limits.Body)
            {
                return TooLarge(limits);
            }

            read = next;
            if (size == 0)
            {
                _bodyLength = write - _bodyStart;
                return ReadTrailer(transport, limits, deadline, read);
            }

            problem = Have(transport, deadline, read + size);
            if (!problem.IsNone)
            {
                return problem;
            }

            _buffer.AsSpan(read, size).CopyTo(_buffer.AsSpan(write));
            write += size;
            problem = ReadLine(transport, deadline, read + size, out line, out read);
            if (!problem.IsNone || line.Length > 0)
            {
                return problem.IsNone ? new(HttpFault.Malformed, "a chunk is longer than its size says", true) : problem;
            }
        }
    }

    private HttpProblem ReadTrailer(Transport transport, HttpLimits limits, Deadline deadline, int read)
    {
        var start = read;
        while (true)
        {
            var problem = ReadLine(transport, deadline, read, out var line, out read);
            if (!problem.IsNone)
            {
                return problem;
            }

            if (line.Length == 0)
            {
                KeepAlive &= read == _end;
                return HttpProblem.None;
            }

            if (read - start > limits.Head)
            {
                return new(HttpFault.TooLarge, $"the answer's trailer is over {limits.Head} bytes", true);
            }
        }
    }

    private HttpProblem ReadLine(Transport transport, Deadline deadline, int from, out (int Start, int Length) line, out int next)
    {
        var searched = from;
        while (true)
        {
            var feed = searched < _end ? _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n') : -1;
            if (feed >= 0)
            {
                next = searched + feed + 1;
                var end = next - 1;
                line = (from, (end > from && _buffer[end - 1] == '\r' ? end - 1 : end) - from);
                return HttpProblem.None;
            }

            searched = Math.Max(from, _end);
            var problem = _end - from > 4096 ? new(HttpFault.Malformed, "a chunk's size line is over 4096 bytes", true) : Fill(transport, deadline, 1);
            if (!problem.IsNone)
            {
                line = default;
                next = from;
                return problem;
            }
        }
    }

    private HttpProblem Have(Transport transport, Deadline deadline, int end)
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

    private HttpProblem Fill(Transport transport, Deadline deadline, int atLeast)
    {
        Reserve(_end + atLeast);
        var result = transport.Read(_buffer.AsSpan(_end), deadline, out var count);
        _end += count;
        return result == IoResult.Ok ? HttpProblem.None : Describe(result, transport);
    }

    private HttpProblem Describe(IoResult result, Transport transport) => result switch
    {
        IoResult.TimedOut when _end == 0 => new(HttpFault.Silent, "no answer within the time that was left", true),
        IoResult.TimedOut => new(HttpFault.Timeout, "the answer did not end within the time that was left", true),
        IoResult.Closed => new(HttpFault.Reset, _end == 0 ? "the connection was closed without an answer" : "the connection was closed in the middle of the answer", true),
        _ => new(HttpFault.Reset, "the connection broke: " + transport.Failure, true),
    };

    private static HttpProblem TooLarge(HttpLimits limits) => new(HttpFault.TooLarge, $"the answer's body is over {limits.Body} bytes", true);

    private void Reserve(int size)
    {
        if (_buffer.Length < size)
        {
            Array.Resize(ref _buffer, Math.Max(size, _buffer.Length * 2));
        }
    }
}
