using FastTrigger.Actions.Once;
using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Values;

namespace FastTrigger.Actions.Calling;

/// <summary>
/// Calls a server that routes.json names: HTTPS, or a message over TLS or TCP and its acknowledgement. What was not sent may be sent again;
/// what was, and was not acknowledged, may have been received, and is only sent again where that does no harm.
/// </summary>
internal sealed class CallAction(CallSettings settings, Allow allow) : RouteAction
{
    private const int LongestHead = 64 * 1024, LongestAnswer = 1024 * 1024;

    public override string Name => "call";

    public override (string Service, string? Region)[] Endpoints => settings.Once.IsPerEvent ? [("dynamodb", null)] : [];

    public override bool NeedsSystemTrust => settings.Tls.UsesSystemTrust && !HasScheme("http:") && !HasScheme("tcp:");

    public override bool NeedsOnceTable => settings.Once.IsPerEvent;

    public static CallAction? Read(SettingReader settings, ActionScope scope) => CallSettings.Read(settings, scope.Allow) is { } read ? new(read, scope.Allow) : null;

    public override ActionResult Run(ActionContext context)
    {
        var url = settings.Url.Evaluate(context.Scope);
        if (url.Failure("url") is { } noUrl)
        {
            return noUrl;
        }

        if (CallSettings.Refuse(url.Joined, allow, out var origin) is { } problem)
        {
            return ActionResult.Failed($"url: {problem}");
        }

        var key = settings.Once.Key(context);
        if (key.Failure("once.by") is { } noKey)
        {
            return noKey;
        }

        ActionResult end;
        byte[]? message = [];
        if ((settings.Message is not null && (message = settings.Message.Write(context.Scope, out end)) is null) || HttpSettings.Evaluate(settings.Headers, context.Scope, out end) is not { } headers)
        {
            return end;
        }

        var isHttp = CallSettings.IsHttp(url.Joined);
        if (isHttp && Complete(context, headers, origin, message, key.Text) is { } unsigned)
        {
            return unsigned;
        }

        OnceEntry? entry = null;
        if (settings.Once.IsPerEvent && (entry = OnceEntry.Take(context, key.Text, out end)) is null)
        {
            return end;
        }

        if (context.DryRun)
        {
            return ActionResult.Skipped($"dry run: would call {origin.Authority} with {message.Length} bytes");
        }

        if (entry is { IsTakenOver: true } && !settings.IsIdempotent && !settings.Once.RerunInterrupted)
        {
            return entry.Close(ActionResult.Failed($"an earlier delivery was cut off while it called {origin.Authority}, which may have received it") with { MayHaveRun = true });
        }

        var deadline = context.Deadline.AtMost(context.Settings.Clock, settings.TimeoutMs);
        var result = isHttp ? CallHttp(context, origin, headers, message, deadline) : CallSocket(context, origin, message, deadline);
        result = result with { TimeIsUp = result.Outcome is Outcome.Retry or Outcome.Failed && context.Deadline.HasPassed };
        return entry?.Close(result) ?? result;
    }

    private ActionResult? Complete(ActionContext context, List<(string Name, string Value)> headers, Origin origin, byte[] message, string key)
    {
        if (settings.Message is not null && !headers.Exists(static header => header.Name.Equals("content-type", StringComparison.OrdinalIgnoreCase)))
        {
            headers.Add(("Content-Type", settings.Message.IsJson ? "application/json" : "text/plain; charset=utf-8"));
        }

        if (settings.IdempotencyHeader is { } header)
        {
            headers.Add((header, key));
        }

        return settings.Signature?.Sign(context, settings.Method, origin, message, headers);
    }

    private ActionResult CallHttp(ActionContext context, Origin origin, List<(string Name, string Value)> headers, byte[] message, Deadline deadline)
    {
        if (Open(context, origin, deadline, out var refused) is not { } transport)
        {
            return refused;
        }

        using var connection = HttpConnection.Over(transport, context.Settings.Clock);
        var request = HttpRequest.Write(new(), settings.Method, origin, headers, message);
        var broken = connection.Send(request.Span, new(LongestHead, LongestAnswer), deadline, deadline, bodyExpected: settings.Method != "HEAD");
        if (!broken.IsNone)
        {
            return broken.Written ? Unknown(origin, broken.Detail) : ActionResult.Retry($"{origin.Authority}: {broken.Detail}");
        }

        var response = connection.Response;
        var status = response.Status;
        if (settings.Expect.IsExpected(status))
        {
            return settings.Expect.Holds(response.Body.Span)
                ? ActionResult.Done($"{origin.Authority} answered {status}")
                : ActionResult.Failed($"{origin.Authority} answered {status}, but without the acknowledgement that is expected") with { MayHaveRun = true };
        }

        if (settings.RetryStatuses.Contains(status))
        {
            return ActionResult.Retry($"{origin.Authority} answered {status}");
        }

        return status >= 500 ? Unknown(origin, $"answered {status}") : ActionResult.Failed($"{origin.Authority} answered {status}");
    }

    private ActionResult CallSocket(ActionContext context, Origin origin, byte[] message, Deadline deadline)
    {
        if (Open(context, origin, deadline, out var refused) is not { } transport)
        {
            return refused;
        }

        using (transport)
        {
            var sent = transport.Write(message, deadline, out var written);
            if (sent != IoResult.Ok)
            {
                return written == 0 ? ActionResult.Retry($"{origin.Authority}: the message could not be sent: {transport.Failure}") : Unknown(origin, "the connection broke while the message was sent");
            }

            if (!settings.Expect.NeedsText)
            {
                return ActionResult.Done($"{message.Length} bytes sent to {origin.Authority}; no acknowledgement is expected") with { MayHaveRun = true };
            }

            var answer = new ByteBuffer();
            while (answer.Length < LongestAnswer)
            {
                var read = transport.Read(answer.GetSpan(4096), deadline, out var count);
                answer.Advance(count);
                if (settings.Expect.Holds(answer.Span))
                {
                    return ActionResult.Done($"{origin.Authority} acknowledged {message.Length} bytes");
                }

                if (read != IoResult.Ok)
                {
                    return Unknown(origin, read == IoResult.TimedOut ? "no acknowledgement within the time for it" : $"the connection ended after {answer.Length} bytes without the acknowledgement that is expected");
                }
            }

            return Unknown(origin, $"{answer.Length} bytes without the acknowledgement that is expected");
        }
    }

    private Transport? Open(ActionContext context, Origin origin, Deadline deadline, out ActionResult refused)
    {
        refused = default;
        var connecting = deadline.AtMost(context.Settings.Clock, settings.ConnectTimeoutMs);
        var tcp = HttpConnection.Reach(origin, HttpProxy.None, connecting, context.Settings.Clock, out var problem);
        if (tcp is null || !origin.Tls)
        {
            refused = tcp is null ? ActionResult.Retry($"{origin.Authority}: {problem.Detail}") : default;
            return tcp;
        }

        var named = settings.Tls.ServerName is { } name ? origin with { Host = name } : origin;
        var tls = HttpConnection.BeginTls(tcp, named, (out string wrong) => settings.Tls.Trust(context.Shared.Trust, out wrong), resume: false, out problem);
        problem = tls?.Complete(connecting) ?? problem;
        if (tls is not null && problem.IsNone)
        {
            return tls;
        }

        // A certificate that is not right will not be right the next time.
        refused = problem.Fault is HttpFault.Tls or HttpFault.Untrusted ? ActionResult.Failed($"{origin.Authority}: {problem.Detail}") : ActionResult.Retry($"{origin.Authority}: {problem.Detail}");
        return null;
    }

    private ActionResult Unknown(Origin origin, string reason) => settings.IsIdempotent
        ? ActionResult.Retry($"{origin.Authority}: {reason}")
        : ActionResult.Failed($"{origin.Authority}: {reason}. It may have received it") with { MayHaveRun = true };

    /// <summary>False as long as only an event says which.</summary>
    private bool HasScheme(string scheme) => settings.Url.Literal?.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) == true;
}
