using System.Text;
using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Telemetry;

namespace FastTrigger.Aws;

/// <summary>
/// Signs a request, sends it, and repeats it where that does no harm (C5.1). One client serves one loop and shares no state. A response is
/// valid until the next call.
/// </summary>
internal sealed partial class AwsClient(AwsShared shared) : IDisposable
{
    private const int MaxAttempts = 4, FirstDelayMs = 100, MaxDelayMs = 5_000;

    /// <summary>A smaller difference between the clocks is no reason to refuse a signature: AWS allows five minutes.</summary>
    private const long SkewMs = 4 * 60_000, MaxSkewMs = 24 * 3_600_000;

    private HttpConnection? _rehearsal;
    private string _dateText = "";
    private long _bodyOffsetMs;
    private readonly SigV4Signer _signer = new();
    private readonly ByteBuffer _request = new(4096), _date = new(16);
    private readonly List<(string Name, string Value)> _headers = new(5);

    public AwsConnections Connections { get; } = new(shared);

    /// <summary>Where the service clients write the body of the next request.</summary>
    public ByteBuffer Body { get; } = new(2048);

    /// <summary>The body of the response to the last call that succeeded.</summary>
    public ReadOnlyMemory<byte> Answer => Response?.Body ?? default;

    /// <summary>The response to the last call that succeeded.</summary>
    public HttpResponse? Response { get; private set; }

    /// <summary>The same as a JSON document; Undefined for a service that answers in XML.</summary>
    public JsonElement Document { get; private set; }

    /// <inheritdoc cref="AwsShared.RefusesUndeclared"/>
    public bool RefusesUndeclared => shared.RefusesUndeclared;

    /// <summary>Sends requests to an in-memory transport; null ends that.</summary>
    public void Rehearse(InMemoryTransport? transport) =>
        _rehearsal = transport is null ? null : HttpConnection.Over(transport, shared.Settings.Clock);

    public void Dispose() => Connections.Dispose();

    /// <summary>
    /// C5.1: a request that was not sent or was throttled may be repeated; any other only when the operation is idempotent.
    /// </summary>
    private static bool MayRepeat(in AwsRequest request, AwsFailure failure) => failure.Kind switch
    {
        AwsFailureKind.Throttled => true,
        AwsFailureKind.NoAnswer => !failure.Sent || request.Operation.Idempotent,
        AwsFailureKind.ServerFault => request.Operation.Idempotent,
        _ => false,
    };

    /// <summary>Full jitter, never past the deadline.</summary>
    private static bool Wait(int attempt, Deadline deadline)
    {
        var maxDelay = Math.Min(MaxDelayMs, FirstDelayMs << attempt);
        var delay = Random.Shared.Next(maxDelay);
        if (deadline.RemainingMs >= 0 && deadline.RemainingMs <= delay)
        {
            return false;
        }

        Thread.Sleep(delay);
        return true;
    }

    private AwsFailure? CallUntilEnd(in AwsRequest request, Deadline deadline)
    {
        if (shared.Endpoints.For(request.Operation.Service, request.Region, out var problem) is not { } origin)
        {
            return new(AwsFailureKind.Unusable, "", problem, Sent: false);
        }

        _bodyOffsetMs = shared.ClockOffsetMs;
        var corrected = false;
        var renewed = false;
        var resentSilent = false;
        for (var attempt = 1; ; attempt++)
        {
            if (deadline.HasPassed)
            {
                return new(AwsFailureKind.NoAnswer, "", "no time is left for it", Sent: false, TimeIsUp: true);
            }

            if (attempt > 1)
            {
                Metrics?.Add(MetricName.AwsRetries, 1);
            }

            HttpResponse? response = null;
            var silent = false;
            AwsFailure? failure = null;
            var credentials = request.Credentials ?? shared.Credentials.Get(deadline, out failure);
            if (credentials is not null)
            {
                failure = Attempt(request, origin, credentials, deadline, out response, out silent);
            }

            if (failure is null)
            {
                shared.Budget.GiveBack();
                return null;
            }

            Metrics?.AddFailure(failure.RequestId, failure.Kind == AwsFailureKind.Throttled);

            // First of all, because EC2 has one code for a wrong clock and expired credentials, and one for a wrong clock and unknown ones.
            if (!corrected && response is not null && CorrectClock(response, failure.Code))
            {
                corrected = true;
                continue;
            }

            if (credentials is not null && AwsErrorDocument.MayBeCredentials(failure))
            {
                if (request.Credentials is not null)
                {
                    // These are a role's credentials, not the function's own: the next attempt assumes the role anew.
                    shared.Roles.Forget(credentials);
                    return failure with { Kind = AwsFailureKind.Throttled };
                }

                if (!renewed && shared.Credentials.Forget(credentials))
                {
                    renewed = true;
                    continue;
                }
            }

            // A silent connection says nothing about the service: the request is repeated once, at once, on a new one (C5.3).
            if (silent && request.Operation.Idempotent && !resentSilent && !deadline.HasPassed)
            {
                resentSilent = true;
                continue;
            }

            if (deadline.HasPassed && failure.Kind == AwsFailureKind.NoAnswer)
            {
                return failure with { TimeIsUp = true };
            }

            if (attempt >= MaxAttempts || !MayRepeat(request, failure) || !shared.Budget.TryTake() || !Wait(attempt, deadline))
            {
                return failure;
            }
        }
    }

    private AwsFailure? Attempt(
        in AwsRequest request,
        Origin origin,
        AwsCredentials credentials,
        Deadline deadline,
        out HttpResponse? response,
        out bool silent)
    {
        response = null;
        silent = false;
        var problem = HttpProblem.None;
        var connection = _rehearsal
            ?? Connections.Take(origin, request.Region, request.Operation.Idempotent, deadline, out problem);
        if (connection is null)
        {
            // A certificate or a version that is refused now will be refused the next time. Everything else may pass.
            var kind = problem.Fault is HttpFault.Untrusted or HttpFault.Tls ? AwsFailureKind.Unusable : AwsFailureKind.NoAnswer;
            return new(kind, "", problem.Detail, Sent: false);
        }

        Write(request, origin, credentials);
        var firstByte = deadline.AtMost(shared.Settings.Clock, request.FirstByteMs);
        problem = connection.Send(_request.Span, HttpLimits.Aws, firstByte, deadline);
        if (!problem.IsNone)
        {
            connection.Dispose();
            silent = problem.Fault == HttpFault.Silent;
            return new(AwsFailureKind.NoAnswer, "", $"{origin.Host}: {problem.Detail}", problem.Written);
        }

        response = connection.Response;
        if (response.Status is < 200 or >= 300)
        {
            GiveBack(origin, connection);
            return AwsErrorDocument.Read(response);
        }

        // The one answer of a rehearsal stands for those of several operations.
        if ((!request.Operation.Answer.IsWhole(request, response.Body, out var document) || response.Status != 200) && _rehearsal is null)
        {
            connection.Dispose();
            var detail = $"{origin.Host} answered {response.Status} without the whole document of {request.Operation.Name}";
            return new(AwsFailureKind.ServerFault, "", detail, Sent: true);
        }

        GiveBack(origin, connection);
        Response = response;
        Document = document;
        return null;
    }

    private void GiveBack(Origin origin, HttpConnection connection)
    {
        if (_rehearsal is null)
        {
            Connections.GiveBack(origin, connection);
        }
    }

    private void Write(in AwsRequest request, Origin origin, AwsCredentials credentials)
    {
        var offset = shared.ClockOffsetMs;
        if (offset != _bodyOffsetMs && request.Members is { } members)
        {
            // The clock was corrected since the body was written: no time of the wrong clock may take effect.
            _bodyOffsetMs = offset;
            JsonServiceClient.WriteBody(request.Body, members);
        }

        _date.Clear().AppendBasic(shared.Settings.Clock.UnixMs + offset);
        var date = Ascii.Equals(_date.Span, _dateText) ? _dateText : _dateText = Encoding.ASCII.GetString(_date.Span);
        _headers.Clear();
        _headers.Add(("content-type", request.ContentType));
        _headers.Add(("host", origin.Authority));
        _headers.Add(("x-amz-date", date));
        if (credentials.SessionToken is { } token)
        {
            _headers.Add(("x-amz-security-token", token));
        }

        var path = request.Protocol == AwsProtocol.RestJson ? request.Target! : origin.Path;
        if (request.Protocol is AwsProtocol.Json10 or AwsProtocol.Json11)
        {
            _headers.Add(("x-amz-target", request.Target!));
        }

        _request.Clear().Append("POST "u8).Append(path).Append(" HTTP/1.1\r\n"u8);
        foreach (var (name, value) in _headers)
        {
            _request.Append(name).Append(": "u8).Append(value).Append("\r\n"u8);
        }

        _request.Append("authorization: "u8);
        var signed = new SigningRequest("POST", path, [], _headers);
        _signer.Sign(_request, signed, request.Body.Span, credentials, date, request.Region, request.Operation.Service);
        if (Trace?.Header is { } trace)
        {
            _request.Append("\r\nx-amzn-trace-id: "u8).Append(trace);
        }

        _request.Append("\r\nuser-agent: fasttrigger\r\ncontent-length: "u8).Append(request.Body.Length)
            .Append("\r\n\r\n"u8).Append(request.Body.Span);
    }

    /// <summary>True when the clock differs from AWS's, which explains the refusal and is corrected from now on.</summary>
    private bool CorrectClock(HttpResponse response, string code)
    {
        if (!AwsErrorDocument.MayBeSkew(code)
            || !response.TryGetHeader("date"u8, out var text)
            || !UtcTime.TryParseHttp(text, out var theirs))
        {
            return false;
        }

        var now = shared.Settings.Clock.UnixMs;
        // No clock of Lambda is wrong by a day: such an answer is not AWS's, and believing it would refuse every call from now on.
        if (Math.Abs(theirs - now - shared.ClockOffsetMs) < SkewMs || Math.Abs(theirs - now) > MaxSkewMs)
        {
            return false;
        }

        shared.ClockOffsetMs = theirs - now;
        return true;
    }
}
