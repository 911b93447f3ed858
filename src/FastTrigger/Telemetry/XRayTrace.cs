using System.Text;
using FastTrigger.Core;

namespace FastTrigger.Telemetry;

/// <summary>
/// Sends subsegments of X-Ray to its daemon by UDP, when the invocation's trace is sampled: one for each route, one for each of its
/// actions, one for each call of AWS (docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html). What is lost on the way is
/// lost. One serves one loop.
/// </summary>
/// <param name="daemon">The address and port, as in AWS_XRAY_DAEMON_ADDRESS.</param>
internal sealed unsafe class XRayTrace(string daemon, Clock clock) : IDisposable
{
    private const int IdBytes = 8, MaxName = 200, MaxMessage = 1_000;

    private readonly List<(string Id, long StartMs)> _open = new(3);
    private readonly ByteBuffer _document = new(1024);
    private string _root = "", _parent = "";

    /// <summary>-1 before it is needed, -2 when there is none.</summary>
    private int _socket = -1;

    /// <summary>Whether somebody wants to know of this invocation.</summary>
    public bool IsSampled { get; private set; }

    /// <summary>The trace header for a call of AWS that is being made; null when the trace is not sampled.</summary>
    public string? Header => IsSampled && _open.Count > 0 ? "Root=" + _root + ";Parent=" + _open[^1].Id + ";Sampled=1" : null;

    /// <summary>A part of a trace header, between semicolons; empty when it has none of this name.</summary>
    /// <param name="name">With the sign behind it, as in Root=.</param>
    public static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> header, ReadOnlySpan<byte> name)
    {
        while (!header.IsEmpty)
        {
            var end = header.IndexOf((byte)';');
            var part = (end < 0 ? header : header[..end]).Trim((byte)' ');
            if (part.StartsWith(name))
            {
                return part[name.Length..];
            }

            header = end < 0 ? [] : header[(end + 1)..];
        }

        return [];
    }

    /// <summary>Begins an invocation.</summary>
    /// <param name="header">
    /// Lambda-Runtime-Trace-Id, as in Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1.
    /// </param>
    public void Start(ReadOnlySpan<byte> header)
    {
        _open.Clear();
        var root = Part(header, "Root="u8);
        var parent = Part(header, "Parent="u8);
        IsSampled = Part(header, "Sampled="u8) is [(byte)'1']
            && parent.Length == 2 * IdBytes
            && IsHex(parent)
            && IsTraceId(root);
        if (IsSampled)
        {
            _root = Encoding.UTF8.GetString(root);
            _parent = Encoding.UTF8.GetString(parent);
        }
    }

    /// <summary>As in 1-5759e988-bd862e3fe1be46a994272793: the version, seconds since 1970, and 96 random bits.</summary>
    private static bool IsTraceId(ReadOnlySpan<byte> text) =>
        text.Length == 35 && text.StartsWith("1-"u8) && IsHex(text[2..10]) && text[10] == '-' && IsHex(text[11..]);

    private static bool IsHex(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept("0123456789abcdefABCDEF"u8);

    /// <summary>Begins an item: what was not ended is left out.</summary>
    public void Clear() => _open.Clear();

    /// <summary>Begins a subsegment inside of the one that is open.</summary>
    public void Begin()
    {
        if (!IsSampled)
        {
            return;
        }

        _open.Add((NewId(), clock.UnixMs));
    }

    /// <summary>Ends a route, or an action of it.</summary>
    /// <param name="action">Null for a route.</param>
    /// <param name="problem">Why it is not done; null when it is.</param>
    public void End(string route, string? action, string outcome, string? problem)
    {
        if (!IsSampled || _open.Count == 0)
        {
            return;
        }

        var json = EndCommon(action is null ? route : route + " " + action);
        json.Name("annotations").BeginObject().Member("route", route);
        if (action is not null)
        {
            json.Member("action", action);
        }

        json.Member("outcome", outcome).EndObject();
        if (problem is not null)
        {
            json.Name("fault").Boolean(true);
            WriteCause(json, outcome, problem);
        }

        Send(json);
    }

    /// <summary>Ends a call of AWS.</summary>
    /// <param name="code">AWS's code of the error, or what else is known; null when the call succeeded.</param>
    /// <param name="requestId">AWS's id of the request; null for none.</param>
    /// <param name="isOurs">Whether the request is to blame, and not AWS.</param>
    public void EndCall(
        string service,
        string operation,
        string region,
        string? code,
        string? message,
        string? requestId,
        bool isThrottled,
        bool isOurs)
    {
        if (!IsSampled || _open.Count == 0)
        {
            return;
        }

        var json = EndCommon(service).Member("namespace", "aws").Name("aws").BeginObject()
            .Member("operation", operation).Member("region", region);
        if (requestId is not null)
        {
            json.Member("request_id", requestId);
        }

        json.EndObject();
        if (code is not null)
        {
            json.Name(isOurs || isThrottled ? "error" : "fault").Boolean(true);
            if (isThrottled)
            {
                json.Name("throttle").Boolean(true);
            }

            WriteCause(json, code, message ?? "");
        }

        Send(json);
    }

    public void Dispose()
    {
        if (_socket >= 0)
        {
            _ = Libc.Close(_socket);
            _socket = -1;
        }
    }

    private static string NewId()
    {
        Span<byte> id = stackalloc byte[IdBytes];
        Libc.RandomBytes(id);
        return Convert.ToHexStringLower(id);
    }

    private static void WriteCause(JsonBuilder json, string type, string message) =>
        json.Name("cause").BeginObject().Name("exceptions").BeginArray().BeginObject()
            .Member("id", NewId()).Member("type", type).Member("message", message.AsSpan(0, Math.Min(message.Length, MaxMessage)))
            .EndObject().EndArray().EndObject();

    /// <summary>Writes what every subsegment has, and closes it.</summary>
    private JsonBuilder EndCommon(string name)
    {
        var (id, startMs) = _open[^1];
        _open.RemoveAt(_open.Count - 1);
        _document.Clear();
        var json = new JsonBuilder(_document).BeginObject()
            .Member("name", name.AsSpan(0, Math.Min(name.Length, MaxName)))
            .Member("id", id).Member("trace_id", _root).Member("parent_id", _open.Count > 0 ? _open[^1].Id : _parent)
            .Member("type", "subsegment");
        Time("start_time", startMs);
        Time("end_time", Math.Max(startMs, clock.UnixMs));
        return json;

        void Time(string member, long milliseconds)
        {
            json.Name(member);
            var rest = (int)(milliseconds % 1000);
            _document.Append(milliseconds / 1000).Append((byte)'.')
                .Append((byte)('0' + (rest / 100))).Append((byte)('0' + (rest / 10 % 10))).Append((byte)('0' + (rest % 10)));
        }
    }

    private void Send(JsonBuilder json)
    {
        json.EndObject();
        if (_socket == -1)
        {
            _socket = Open();
        }

        if (_socket < 0)
        {
            return;
        }

        var packet = new ByteBuffer().Append("{\"format\":\"json\",\"version\":1}\n"u8).Append(_document.Span);
        fixed (byte* start = packet.Span)
        {
            // A full buffer loses a subsegment, and no time.
            _ = Libc.Send(_socket, start, (nuint)packet.Length, Libc.MsgDontWait | Libc.MsgNoSignal);
        }
    }

    /// <summary>-2 when the address is none, or there is no socket.</summary>
    private int Open()
    {
        var colon = daemon.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(daemon.AsSpan(colon + 1), out var port))
        {
            return -2;
        }

        var address = new byte[16];
        BitConverter.TryWriteBytes(address, (ushort)Libc.AfInet);
        (address[2], address[3]) = ((byte)(port >> 8), (byte)port);
        fixed (byte* text = Libc.ZeroTerminated(daemon.AsSpan(0, colon)), target = address)
        {
            var socket = Libc.ParseAddress(Libc.AfInet, text, target + 4) == 1
                ? Libc.Socket(Libc.AfInet, Libc.SockDatagram | Libc.SockCloseOnExec, 0)
                : -1;
            return socket >= 0 && Libc.Connect(socket, target, (uint)address.Length) == 0 ? socket : -2;
        }
    }
}
