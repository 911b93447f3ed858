using System.Buffers.Text;
using FastTrigger.Core;

namespace FastTrigger.Http;

/// <content>A body ends at its length, at its last chunk, or with the connection.</content>
internal sealed partial class HttpResponse
{
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
        // Bytes after the body do not belong to a request of ours.
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

    /// <summary>Decodes in place: the write position never passes the read position.</summary>
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
                return new(HttpFault.Malformed, "a chunk's size is not a hexadecimal number", true);
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

            problem = FillTo(transport, deadline, read + size);
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
            var problem = _end - from > 4096
                ? new(HttpFault.Malformed, "a chunk's size line is over 4096 bytes", true)
                : Fill(transport, deadline, 1);
            if (!problem.IsNone)
            {
                line = default;
                next = from;
                return problem;
            }
        }
    }
}
