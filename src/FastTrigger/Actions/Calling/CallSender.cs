using FastTrigger.Core;
using FastTrigger.Http;

namespace FastTrigger.Actions.Calling;

/// <summary>Sends one message of `call`, and decides by the server's answer whether it was received.</summary>
internal sealed class CallSender(ActionContext context, CallSettings settings, Origin origin, Deadline deadline)
{
    private const int MaxHead = 64 * 1024, MaxAnswer = 1024 * 1024, ReadSize = 4096;

    public ActionResult SendHttp(List<(string Name, string Value)> headers, byte[] message)
    {
        if (Open(out var refused) is not { } transport)
        {
            return refused;
        }

        using var connection = HttpConnection.Over(transport, context.Settings.Clock);
        var request = HttpRequest.Write(new(), settings.Method, origin, headers, message);
        var limits = new HttpLimits(MaxHead, MaxAnswer);
        var broken = connection.Send(request.Span, limits, deadline, deadline, bodyExpected: settings.Method != "HEAD");
        if (!broken.IsNone)
        {
            return broken.Written ? Unknown(broken.Detail) : ActionResult.Retry($"{origin.Authority}: {broken.Detail}");
        }

        return Judge(connection.Response);
    }

    public ActionResult SendSocket(byte[] message)
    {
        if (Open(out var refused) is not { } transport)
        {
            return refused;
        }

        using (transport)
        {
            if (transport.Write(message, deadline, out var written) != IoResult.Ok)
            {
                return written == 0
                    ? ActionResult.Retry($"{origin.Authority}: the message could not be sent: {transport.Failure}")
                    : Unknown("the connection broke while the message was sent");
            }

            return settings.Expect.NeedsText
                ? WaitForAcknowledgement(transport, message.Length)
                : ActionResult.Done($"{message.Length} bytes sent to {origin.Authority}; no acknowledgement is expected") with
                {
                    MayHaveRun = true,
                };
        }
    }

    private ActionResult Judge(HttpResponse response)
    {
        var answered = $"{origin.Authority} answered {response.Status}";
        if (settings.Expect.IsExpected(response.Status))
        {
            var problem = settings.Expect.NeedsText ? Acknowledges(response) : null;
            return problem is null
                ? ActionResult.Done(answered)
                : ActionResult.Failed($"{answered}, but {problem}") with { MayHaveRun = true };
        }

        return settings.RetryStatuses.Exists(status => status == response.Status) ? ActionResult.Retry(answered)
            : response.Status >= 500 ? Unknown($"answered {response.Status}")
            : ActionResult.Failed(answered);
    }

    private string? Acknowledges(HttpResponse response) =>
        ContentCoding.Decode(response, MaxAnswer, out var problem) is not { } text ? problem
            : settings.Expect.Holds(text.Span) ? null
            : "without the acknowledgement that is expected";

    private ActionResult WaitForAcknowledgement(Transport transport, int sent)
    {
        const string Expected = "the acknowledgement that is expected";
        var answer = new ByteBuffer();
        while (answer.Length < MaxAnswer)
        {
            var read = transport.Read(answer.GetSpan(ReadSize), deadline, out var count);
            answer.Advance(count);
            if (settings.Expect.Holds(answer.Span))
            {
                return ActionResult.Done($"{origin.Authority} acknowledged {sent} bytes");
            }

            if (read == IoResult.TimedOut)
            {
                return Unknown("no acknowledgement within the time for it");
            }

            if (read != IoResult.Ok)
            {
                return Unknown($"the connection ended after {answer.Length} bytes without {Expected}");
            }
        }

        return Unknown($"{answer.Length} bytes without {Expected}");
    }

    private Transport? Open(out ActionResult refused)
    {
        if (context.Settings.Refuse(origin) is { } reason)
        {
            refused = ActionResult.Failed(reason);
            return null;
        }

        refused = default;
        var connecting = deadline.AtMost(context.Settings.Clock, settings.ConnectTimeoutMs);
        var tcp = HttpConnection.Reach(origin, HttpProxy.None, connecting, context.Settings.Clock, out var problem);
        if (tcp is null || !origin.Tls)
        {
            refused = tcp is null ? ActionResult.Retry($"{origin.Authority}: {problem.Detail}") : default;
            return tcp;
        }

        var named = settings.Tls.ServerName is { } name ? origin with { Host = name } : origin;
        var tls = HttpConnection.BeginTls(tcp, named, Trust, resume: false, out problem);
        problem = tls?.Complete(connecting) ?? problem;
        if (tls is not null && problem.IsNone)
        {
            return tls;
        }

        // A certificate that is wrong now will be wrong the next time.
        var text = $"{origin.Authority}: {problem.Detail}";
        refused = problem.Fault is HttpFault.Tls or HttpFault.Untrusted ? ActionResult.Failed(text) : ActionResult.Retry(text);
        return null;
    }

    private TlsContext? Trust(out string problem) => settings.Tls.Trust(context.Shared.Trust, out problem);

    /// <summary>The server may have received the message.</summary>
    private ActionResult Unknown(string reason) => settings.IsIdempotent
        ? ActionResult.Retry($"{origin.Authority}: {reason}")
        : ActionResult.Failed($"{origin.Authority}: {reason}. It may have received it") with { MayHaveRun = true };
}
