using FastTrigger.Actions.Once;
using FastTrigger.Http;
using FastTrigger.Values;

namespace FastTrigger.Actions.Calling;

/// <summary>
/// Calls a server that routes.json names: HTTPS, or a message over TLS or TCP and its acknowledgement. A message that was not sent may be
/// sent again. One that was sent and not acknowledged may have been received, and is repeated only where that does no harm.
/// </summary>
internal sealed class CallAction(CallSettings settings, Allow allow) : RouteAction
{
    public override string Name => "call";

    public override bool NeedsSystemTrust => settings.Tls.UsesSystemTrust && !HasScheme("http:") && !HasScheme("tcp:");

    public override OnceSetting? Once => settings.Once;

    public static CallAction? Read(SettingReader settings, ActionScope scope) =>
        CallSettings.Read(settings, scope.Allow) is { } read ? new(read, scope.Allow) : null;

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

        if (Message(context, out var end) is not { } message
            || HttpSettings.Evaluate(settings.Headers, context.Scope, out end) is not { } headers)
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

        using var held = entry;
        if (context.DryRun)
        {
            return ActionResult.Skipped($"dry run: would call {origin.Authority} with {message.Length} bytes");
        }

        if (entry is { IsTakenOver: true } && !settings.IsIdempotent && !settings.Once.RerunInterrupted)
        {
            var cut = $"an earlier delivery was cut off while it called {origin.Authority}, which may have received it";
            return entry.Close(ActionResult.Failed(cut) with { MayHaveRun = true });
        }

        var sender = new CallSender(context, settings, origin, context.Deadline.AtMost(context.Settings.Clock, settings.TimeoutMs));
        var result = isHttp ? sender.SendHttp(headers, message) : sender.SendSocket(message);
        var isUndone = result.Outcome is Outcome.Retry or Outcome.Failed;
        result = result with { TimeIsUp = isUndone && context.Deadline.HasPassed };
        return entry?.Close(result) ?? result;
    }

    protected override IReadOnlyList<ActionCall> ListCalls() => settings.Once.IsPerEvent ? OnceTable.Calls : [];

    /// <summary>Empty when there is none; null with the result of the action.</summary>
    private byte[]? Message(ActionContext context, out ActionResult end)
    {
        end = default;
        return settings.Message is null ? [] : settings.Message.Write(context.Scope, out end);
    }

    private ActionResult? Complete(
        ActionContext context,
        List<(string Name, string Value)> headers,
        Origin origin,
        byte[] message,
        string key)
    {
        if (settings.Message is { } body && !headers.Exists(IsContentType))
        {
            headers.Add(("Content-Type", body.IsJson ? "application/json" : "text/plain; charset=utf-8"));
        }

        if (settings.IdempotencyHeader is { } header)
        {
            headers.Add((header, key));
        }

        return settings.Signature?.Sign(context, settings.Method, origin, message, headers);
    }

    private static bool IsContentType((string Name, string Value) header) =>
        header.Name.Equals("content-type", StringComparison.OrdinalIgnoreCase);

    /// <summary>False while only an event says which.</summary>
    private bool HasScheme(string scheme) => settings.Url.Literal?.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) == true;
}
