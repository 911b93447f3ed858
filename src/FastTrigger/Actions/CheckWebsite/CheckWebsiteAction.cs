using System.Text;
using FastTrigger.Http;
using FastTrigger.Telemetry;
using FastTrigger.Values;

namespace FastTrigger.Actions.CheckWebsite;

/// <summary>Asks a website for a page and looks at the answer. A failed check is a failed invocation, so the function's Errors alarm sees it.</summary>
internal sealed class CheckWebsiteAction : RouteAction
{
    private const int DefaultTimeoutMs = 10_000, DefaultBodyLimit = 1024 * 1024, MostBodyLimit = 16 * 1024 * 1024, MostRedirects = 5;

    private ValueTemplate _url = null!;
    private List<ValueTemplate> _expect = [], _forbid = [];
    private List<(string Name, ValueTemplate Value)> _headers = [];
    private List<int> _statuses = [];
    private string _method = "GET";
    private int _timeoutMs, _bodyLimit;
    private int? _maxLatencyMs, _certificateDays;
    private bool _follows;
    private Allow _allow = Allow.Default;

    public override string Name => "check-website";

    public override bool NeedsSystemTrust => _url.Literal?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) != true;

    public static CheckWebsiteAction? Read(SettingReader settings, ActionScope scope)
    {
        _ = settings.Require("url", "\"https://example.com/\" or \"${env.SITE}\"");
        var action = new CheckWebsiteAction
        {
            _url = settings.Template("url", ValueRule.NoEvent)!,
            _method = HttpSettings.ReadMethod(settings, "GET"),
            _headers = HttpSettings.ReadHeaders(settings, ValueRule.NoEvent),
            _expect = ReadTexts(settings, "expect"),
            _forbid = ReadTexts(settings, "forbid"),
            _statuses = HttpSettings.ReadStatuses(settings, "status"),
            _timeoutMs = settings.Duration("timeout", 300_000) ?? DefaultTimeoutMs,
            _maxLatencyMs = settings.Duration("maxLatency", 300_000),
            _certificateDays = settings.Integer("certificateDays", 1, 3_650),
            _follows = settings.Choice("redirects", "refuse", "follow") == "follow",
            _bodyLimit = settings.Integer("bodyLimit", 1, MostBodyLimit) ?? DefaultBodyLimit,
            _allow = scope.Allow,
        };
        if (action._statuses.Count == 0)
        {
            action._statuses.Add(200);
        }

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

        if (Evaluate(_expect, "expect", context.Scope, out var end) is not { } expect || Evaluate(_forbid, "forbid", context.Scope, out end) is not { } forbid || HttpSettings.Evaluate(_headers, context.Scope, out end) is not { } headers)
        {
            return end;
        }

        if (Refuse(url.Joined, _allow, out var origin) is { } problem)
        {
            return ActionResult.Failed($"url: {problem}");
        }

        // The URL itself may carry a key in its query, so messages name the host alone.
        var check = new WebsiteCheck(context, headers, _method, _bodyLimit, _follows ? MostRedirects : 0);
        var failure = check.Ask(origin, context.Deadline.AtMost(context.Settings.Clock, _timeoutMs)) ?? Judge(check, expect, forbid);
        Tell(context, origin, check, failure);
        return failure is null
            ? ActionResult.Done($"{origin.Authority} answered {check.Status}{(expect.Count > 0 ? " with the expected text" : "")} in {check.LatencyMs} ms{(check.CertificateDaysLeft is { } days ? $"; its certificate holds for {days} days" : "")}")
            : ActionResult.Failed($"{origin.Authority}: {failure}") with { TimeIsUp = context.Deadline.HasPassed };
    }

    internal static string? Refuse(string url, Allow allow, out Origin origin)
    {
        if (!Origin.TryParse(url, out origin, out var problem))
        {
            return problem;
        }

        return Allow.Permits(allow.Hosts, origin.Host) ? null : $"allow.hosts does not list {origin.Host}";
    }

    private static List<ValueTemplate> ReadTexts(SettingReader settings, string name) => settings.Take(name) is not { } node ? []
        : (node.IsString ? [node] : settings.Strings(node, name)).ConvertAll(text => ValueTemplate.Parse(text, ValueRule.NoEvent, settings.Problems));

    private static List<byte[]>? Evaluate(List<ValueTemplate> templates, string name, in ValueScope scope, out ActionResult end)
    {
        end = default;
        var texts = new List<byte[]>(templates.Count);
        foreach (var template in templates)
        {
            var value = template.Evaluate(scope);
            if (value.Failure(name) is { } failure)
            {
                end = failure;
                return null;
            }

            texts.Add(Encoding.UTF8.GetBytes(value.Joined));
        }

        return texts;
    }

    /// <summary>Null when the answer is as expected.</summary>
    private string? Judge(WebsiteCheck check, List<byte[]> expect, List<byte[]> forbid)
    {
        if (!_statuses.Contains(check.Status))
        {
            return $"answered {check.Status}, expected {string.Join(" or ", _statuses)}{(check.Status is >= 300 and < 400 ? _follows ? $" (more than {MostRedirects} redirects)" : " (redirects are not followed)" : "")}";
        }

        foreach (var text in expect)
        {
            if (check.Body.Span.IndexOf(text) < 0)
            {
                return $"answered {check.Status}, but without the expected text";
            }
        }

        foreach (var text in forbid)
        {
            if (check.Body.Span.IndexOf(text) >= 0)
            {
                return $"answered {check.Status}, but with text that is forbidden";
            }
        }

        return check.LatencyMs > _maxLatencyMs ? $"answered in {check.LatencyMs} ms, and at most {_maxLatencyMs} ms are allowed"
            : _certificateDays is { } least && check.CertificateDaysLeft < least ? $"its certificate holds for {check.CertificateDaysLeft} days, and at least {least} are asked for"
            : null;
    }

    private static void Tell(ActionContext context, Origin origin, WebsiteCheck check, string? failure)
    {
        var metrics = new List<Metric> { new("Available", failure is null ? 1 : 0, "Count") };
        if (check.Status > 0)
        {
            metrics.Add(new("Latency", check.LatencyMs, "Milliseconds"));
        }

        if (check.CertificateDaysLeft is { } days)
        {
            metrics.Add(new("CertificateDaysLeft", days, "Count"));
        }

        context.Log.WriteMetrics(context.Invocation.RequestId, "website", metrics, ("Route", context.RouteName), ("Host", origin.Authority), ("status", check.Status), ("bytes", check.Body.Length), ("redirects", check.Redirects));
    }
}
