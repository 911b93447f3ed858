using System.Buffers.Text;
using System.Text;
using FastTrigger.Core;

namespace FastTrigger.Http;

/// <content>A body ends at its length, at its last chunk, or with the connection (RFC 9112, 6.3).</content>
internal sealed partial class HttpResponse
{
    /// <summary>The maximum length of the line before a chunk.</summary>
    private const int MaxLine = 4096;

    private HttpProblem ReadBody(Transport transport, HttpLimits limits, Deadline deadline)
    {
        var at = 0;
        var length = -1L;
        while (TryGetHeader("content-length"u8, ref at, out var sizes))
        {
            var isNumber = false;
            var list = sizes;
            while (TakeItem(ref list, out var item))
            {
                isNumber = item.Length < 19 && !item.ContainsAnyExceptInRange((byte)'0', (byte)'9')
                    && Utf8Parser.TryParse(item, out long size, out _) && (length < 0 || length == size) && (length = size) >= 0;
                if (!isNumber)
                {
                    break;
                }
            }

            if (!isNumber)
            {
                return Malformed($"Content-Length '{Encoding.ASCII.GetString(sizes)}' is not one number");
            }
        }

        at = 0;
        if (!TryGetHeader("transfer-encoding"u8, ref at, out var coding))
        {
            return length < 0 ? ReadToEnd(transport, limits, deadline) : ReadSized(transport, limits, deadline, length);
        }

        if (!Ascii.EqualsIgnoreCase(coding, "chunked"u8) || TryGetHeader("transfer-encoding"u8, ref at, out _))
        {
            return Malformed($"the transfer coding '{Encoding.ASCII.GetString(coding)}' was not asked for; only 'chunked' is known");
        }

        // The length does not count beside chunks, and such a connection ends with the answer (RFC 9112, 6.3).
        KeepAlive &= length < 0;
        return ReadChunks(transport, limits, deadline);
    }

    private HttpProblem ReadSized(Transport transport, HttpLimits limits, Deadline deadline, long size)
    {
        if (size > limits.Body)
        {
            return TooLarge("body", limits.Body);
        }

        if (_buffer.Length < _bodyStart + size)
        {
            // The old buffer goes first: there may be no memory for both. Without any, the head is still there.
            _buffer = _buffer.AsSpan(0, _end).ToArray();
            Array.Resize(ref _buffer, _bodyStart + (int)size);
        }

        while (_end - _bodyStart < size)
        {
            var problem = Fill(transport, deadline);
            if (!problem.IsNone)
            {
                return problem;
            }
        }

        _bodyLength = (int)size;
        // Bytes after the body do not belong to a request of ours.
        KeepAlive &= _end == _bodyStart + size;
        return HttpProblem.None;
    }

    private HttpProblem ReadToEnd(Transport transport, HttpLimits limits, Deadline deadline)
    {
        KeepAlive = false;
        while (_end - _bodyStart <= limits.Body)
        {
            Reserve(_end + 1);
            switch (transport.Read(_buffer.AsSpan(_end), deadline, out var count))
            {
                case IoResult.Closed:
                    _bodyLength = _end - _bodyStart;
                    return HttpProblem.None;
                case IoResult.Ok:
                    _end += count;
                    break;
                case var failed:
                    return Describe(failed, transport);
            }
        }

        return TooLarge("body", limits.Body);
    }

    /// <summary>Decodes in place: what was read of the framing is overwritten, so that only the body takes memory.</summary>
    private HttpProblem ReadChunks(Transport transport, HttpLimits limits, Deadline deadline)
    {
        var read = _bodyStart;
        var framing = 0L;
        while (true)
        {
            var problem = ReadLine(transport, deadline, ref read, out var line);
            if (!problem.IsNone)
            {
                return problem;
            }

            var extension = line.IndexOf((byte)';');
            var digits = (extension < 0 ? line : line[..extension]).TrimEnd(" \t"u8);
            if (!Utf8Parser.TryParse(digits, out int size, out var used, 'x') || used != digits.Length || size < 0)
            {
                return Malformed("a chunk's size is not a hexadecimal number");
            }

            if (_bodyLength + (long)size > limits.Body)
            {
                return TooLarge("body", limits.Body);
            }

            // A short line is the price of any chunk, and a large chunk may have a long one.
            framing = Math.Max(0, framing + line.Length - 16 - (2L * size));
            if (framing > limits.Head)
            {
                return TooLarge("chunk framing", limits.Head);
            }

            if (size == 0)
            {
                return ReadTrailer(transport, limits, deadline, read);
            }

            problem = ReadChunk(transport, deadline, size, ref read);
            if (!problem.IsNone)
            {
                return problem;
            }

            problem = ReadLine(transport, deadline, ref read, out line);
            if (!problem.IsNone || line.Length > 0)
            {
                return problem.IsNone ? Malformed("a chunk is longer than its size says") : problem;
            }
        }
    }

    private HttpProblem ReadChunk(Transport transport, Deadline deadline, int size, ref int read)
    {
        while (true)
        {
            var count = Math.Min(size, _end - read);
            _buffer.AsSpan(read, count).CopyTo(_buffer.AsSpan(_bodyStart + _bodyLength));
            _bodyLength += count;
            read += count;
            size -= count;
            if (size == 0)
            {
                return HttpProblem.None;
            }

            var problem = FillBehindBody(transport, deadline, ref read);
            if (!problem.IsNone)
            {
                return problem;
            }
        }
    }

    private HttpProblem ReadTrailer(Transport transport, HttpLimits limits, Deadline deadline, int read)
    {
        var length = 0;
        while (true)
        {
            var problem = ReadLine(transport, deadline, ref read, out var line);
            if (!problem.IsNone)
            {
                return problem;
            }

            if (line.IsEmpty)
            {
                KeepAlive &= read == _end;
                return HttpProblem.None;
            }

            length += line.Length + 2;
            if (length > limits.Head)
            {
                return TooLarge("trailer", limits.Head);
            }
        }
    }

    /// <summary>Reads a line without its end. The next read of the transport overwrites it.</summary>
    private HttpProblem ReadLine(Transport transport, Deadline deadline, ref int read, out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var unread = _buffer.AsSpan(read, _end - read);
            var feed = unread.IndexOf((byte)'\n');
            if ((feed < 0 ? unread.Length : feed) > MaxLine)
            {
                line = default;
                return Malformed($"a line between chunks is over {MaxLine} bytes");
            }

            if (feed >= 0)
            {
                line = unread[..(feed > 0 && unread[feed - 1] == '\r' ? feed - 1 : feed)];
                read += feed + 1;
                return line.Contains((byte)'\r') ? Malformed("a line between chunks has a carriage return in it") : HttpProblem.None;
            }

            var problem = FillBehindBody(transport, deadline, ref read);
            if (!problem.IsNone)
            {
                line = default;
                return problem;
            }
        }
    }

    private HttpProblem FillBehindBody(Transport transport, Deadline deadline, ref int read)
    {
        var end = _bodyStart + _bodyLength;
        _buffer.AsSpan(read, _end - read).CopyTo(_buffer.AsSpan(end));
        _end -= read - end;
        read = end;
        return Fill(transport, deadline);
    }
}
