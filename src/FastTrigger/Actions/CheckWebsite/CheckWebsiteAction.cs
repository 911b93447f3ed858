using System.Text;
using FastTrigger.Http;
using FastTrigger.Values;

namespace FastTrigger.Actions.CheckWebsite;

/// <summary>Asks a website for a page and looks at the answer. A failed check is a failed invocation, so the function's Errors alarm sees it.</summary>
internal sealed class CheckWebsiteAction : RouteAction
{
    private const int DefaultTimeoutMs = 10_000;

    private ValueTemplate _url = null!;
    private ValueTemplate? _expect;
    private int _status, _timeoutMs;
    private Allow _allow = Allow.Default;

    public override string Name => "check-website";

    public override bool NeedsSystemTrust => _url.Literal?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) != true;

    public static CheckWebsiteAction? Read(SettingReader settings, ActionScope scope)
    {
        _ = settings.Require("url", "\"https://example.com/\" or \"${env.SITE}\"");
        var action = new CheckWebsiteAction
        {
            _url = settings.Template("url", ValueRule.NoEvent)!,
            _expect = settings.Template("expect", ValueRule.NoEvent),
            _status = settings.Integer("status", 100, 599) ?? 200,
            _timeoutMs = settings.Duration("timeout", 300_000) ?? DefaultTimeoutMs,
            _allow = scope.Allow,
        };
        if (action._url?.Literal is { } url && Refuse(url, scope.Allow, out _) is { } problem)
        {
            settings.Problems.Add(settings.Node.Find("url")!, problem);
        }

        return action._url is null ? null : action;
    }

    public override ActionResult Run(ActionContext context)
    {
        var url = _url.Evaluate(context.Scope);
        if (url.Failure("url") is { } noUrl)
        {
            return noUrl;
        }

        var expect = _expect?.Evaluate(context.Scope) ?? ValueResult.Of("");
        if (expect.Failure("expect") is { } noText)
        {
            return noText;
        }

        if (Refuse(url.Joined, _allow, out var origin) is { } problem)
        {
            return ActionResult.Failed($"url: {problem}");
        }

        // The URL itself may carry a key in its query, so messages name the host alone.
        var began = context.Settings.Clock.MonotonicMs;
        var deadline = context.Deadline.AtMost(context.Settings.Clock, _timeoutMs);
        var failure = Get(context, origin, deadline, Encoding.UTF8.GetBytes(expect.Joined));
        var elapsed = context.Settings.Clock.MonotonicMs - began;
        return failure is null
            ? ActionResult.Done($"{origin.Authority} answered {_status}{(expect.Joined.Length > 0 ? " with the expected text" : "")} in {elapsed} ms")
            : ActionResult.Failed($"{origin.Authority}: {failure}") with { TimeIsUp = context.Deadline.HasPassed };
    }

    private static string? Refuse(string url, Allow allow, out Origin origin)
    {
        if (!Origin.TryParse(url, out origin, out var problem))
        {
            return problem;
        }

        return Allow.Permits(allow.Hosts, origin.Host) ? null : $"allow.hosts does not list {origin.Host}";
    }

    /// <summary>Null when the answer is as expected.</summary>
    private string? Get(ActionContext context, Origin origin, Deadline deadline, ReadOnlySpan<byte> expected)
    {
        using var connection = HttpConnection.Open(origin, context.Shared.Trust.System, context.Settings.Proxy, deadline, context.Settings.Clock, out var refused);
        if (connection is null)
        {
            return refused.Detail;
        }

        var request = new ByteBuffer().Append("GET "u8).Append(origin.Path).Append(" HTTP/1.1\r\nHost: "u8).Append(origin.Authority)
            .Append("\r\nUser-Agent: fasttrigger\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n"u8);
        var broken = connection.Send(request.Span, HttpLimits.Website, deadline, deadline);
        if (!broken.IsNone)
        {
            return broken.Detail;
        }

        var response = connection.Response;
        if (response.Status != _status)
        {
            return $"answered {response.Status}, expected {_status}{(response.Status is >= 300 and < 400 ? " (redirects are not followed)" : "")}";
        }

        return response.Body.Span.IndexOf(expected) < 0 ? $"answered {_status}, but without the expected text" : null;
    }
}
