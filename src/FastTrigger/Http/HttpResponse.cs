using System.Text;
using FastTrigger.Core;

namespace FastTrigger.Http;

/// <summary>
/// One answer (RFC 9112), read into a buffer that the next answer on the same connection uses again. Header lines may end in LF or CRLF.
/// Header names are compared without regard to case. The answer may arrive split at any byte.
/// </summary>
internal sealed partial class HttpResponse
{
    private const int InitialSize = 8 * 1024, MaxKeptSize = 256 * 1024;
    private byte[] _buffer = new byte[InitialSize];
    private int _end, _headEnd, _bodyStart, _bodyLength, _maxSize;
    private bool _isAnswering;

    public int Status { get; private set; }

    public bool KeepAlive { get; private set; }

    public ReadOnlyMemory<byte> Body => _buffer.AsMemory(_bodyStart, _bodyLength);

    /// <summary>The value of the first header of this lower-case name, without surrounding white space.</summary>
    public bool TryGetHeader(scoped ReadOnlySpan<byte> lowerName, out ReadOnlySpan<byte> value)
    {
        var at = 0;
        return TryGetHeader(lowerName, ref at, out value);
    }

    /// <summary>The value of the next header of this name.</summary>
    /// <param name="at">0 for the first; the caller keeps it for the next one.</param>
    public bool TryGetHeader(scoped ReadOnlySpan<byte> lowerName, scoped ref int at, out ReadOnlySpan<byte> value)
    {
        var head = _buffer.AsSpan(0, _headEnd);
        var line = at == 0 ? head.IndexOf((byte)'\n') + 1 : at;
        while (line > 0 && line < head.Length)
        {
            var rest = head[line..];
            var length = rest.IndexOf((byte)'\n');
            length = length < 0 ? rest.Length : length;
            line += length + 1;
            if (rest.Length > lowerName.Length
                && rest[lowerName.Length] == ':'
                && Ascii.EqualsIgnoreCase(rest[..lowerName.Length], lowerName))
            {
                at = line;
                value = rest[(lowerName.Length + 1)..length].Trim(" \t\r"u8);
                return true;
            }
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
        Reset(limits);
        var problem = ReadFinalHead(transport, limits, firstByte, deadline);
        if (!problem.IsNone)
        {
            return problem;
        }

        _bodyStart = _headEnd;
        if (!bodyExpected || Status is 204 or 304)
        {
            KeepAlive &= _end == _bodyStart;
            return HttpProblem.None;
        }

        return ReadBody(transport, limits, deadline);
    }

    private void Reset(HttpLimits limits)
    {
        if (_buffer.Length > MaxKeptSize)
        {
            _buffer = new byte[InitialSize];
        }

        _maxSize = limits.Head + limits.Body + MaxLine;
        _end = _headEnd = _bodyStart = _bodyLength = 0;
        Status = 0;
        KeepAlive = _isAnswering = false;
    }

    private HttpProblem Fill(Transport transport, Deadline deadline)
    {
        Reserve(_end + 1);
        var result = transport.Read(_buffer.AsSpan(_end), deadline, out var count);
        _end += count;
        _isAnswering |= count > 0;
        return result == IoResult.Ok ? HttpProblem.None : Describe(result, transport);
    }

    private HttpProblem Describe(IoResult result, Transport transport) => result switch
    {
        IoResult.TimedOut when !_isAnswering => new(HttpFault.Silent, "no answer before the deadline", true),
        IoResult.TimedOut => new(HttpFault.Timeout, "the answer was not complete before the deadline", true),
        IoResult.Closed when !_isAnswering => new(HttpFault.Reset, "the connection was closed without an answer", true),
        IoResult.Closed => new(HttpFault.Reset, "the connection was closed in the middle of the answer", true),
        _ => new(HttpFault.Reset, "the connection broke: " + transport.Failure, true),
    };

    private static HttpProblem Malformed(string detail) => new(HttpFault.Malformed, detail, true);

    private static HttpProblem TooLarge(string what, int limit) =>
        new(HttpFault.TooLarge, $"the answer's {what} is over {limit} bytes", true);

    /// <summary>A large buffer grows in large steps, and never beyond what the limits allow: old and new exist at the same time.</summary>
    private void Reserve(int size)
    {
        if (_buffer.Length < size)
        {
            var next = _buffer.Length * (_buffer.Length < MaxKeptSize ? 2 : 4);
            Array.Resize(ref _buffer, Math.Max(size, next > _maxSize / 2 ? _maxSize : next));
        }
    }
}
