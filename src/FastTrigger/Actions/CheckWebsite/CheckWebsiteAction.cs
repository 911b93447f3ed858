using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Telemetry;
using FastTrigger.Values;

namespace FastTrigger.Actions.CheckWebsite;

/// <summary>
/// Requests a page of a website and checks the response.
/// A failed check is a failed invocation, so the function's Errors alarm sees it, or only a metric where another alarm watches that.
/// </summary>
internal sealed class CheckWebsiteAction(WebsiteSettings settings, Allow allow) : RouteAction
{
    public override string Name => "check-website";

    public override bool NeedsSystemTrust => settings.Url.Literal?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) != true;

    public static CheckWebsiteAction? Read(SettingReader settings, ActionScope scope) =>
        WebsiteSettings.Read(settings, scope.Allow) is { } read ? new(read, scope.Allow) : null;

    public override ActionResult Run(ActionContext context)
    {
        var url = settings.Url.Evaluate(context.Scope);
        if (url.Failure("url") is { } noUrl)
        {
            return noUrl;
        }

        if (Evaluate(settings.Expect, "expect", context.Scope, out var end) is not { } expect
            || Evaluate(settings.Forbid, "forbid", context.Scope, out end) is not { } forbid
            || HttpSettings.Evaluate(settings.Headers, context.Scope, out end) is not { } headers)
        {
            return end;
        }

        if (WebsiteSettings.Refuse(url.Joined, allow, out var origin) is { } problem)
        {
            return ActionResult.Failed($"url: {problem}");
        }

        if (context.DryRun && !settings.OnlyReads)
        {
            return ActionResult.Skipped($"dry run: would send {settings.Method} to {origin.Authority}");
        }

        // The query of the URL may have a key in it, so messages name the host alone.
        var check = new WebsiteCheck(context, settings, headers);
        var deadline = context.Deadline.AtMost(context.Settings.Clock, settings.TimeoutMs);
        string? failure;
        try
        {
            failure = check.Ask(origin, deadline) ?? Judge(check, expect, forbid);
        }
        // A limit that the function's memory cannot hold is a failed check, and its metric must not be missing.
        catch (OutOfMemoryException)
        {
            HeapLimit.GiveBack();
            failure = $"the page does not fit into the function's memory; bodyLimit ({settings.BodyLimit} bytes) can be smaller";
        }

        WriteMetrics(context, origin, check, failure);
        return failure is null ? ActionResult.Done(Describe(origin, check, expect.Count > 0))
            : context.Settings.FailedCheckIsMetric && !context.Deadline.HasPassed
                ? ActionResult.Done($"{origin.Authority}: {failure}; the metric Available says so (FASTTRIGGER_FAILED_CHECKS)")
            : ActionResult.Failed($"{origin.Authority}: {failure}") with { TimeIsUp = context.Deadline.HasPassed };
    }

    private static List<string>? Evaluate(List<ValueTemplate> templates, string name, in ValueScope scope, out ActionResult end)
    {
        end = default;
        var texts = new List<string>(templates.Count);
        foreach (var template in templates)
        {
            var value = template.Evaluate(scope);
            if (value.Failure(name) is { } failure)
            {
                end = failure;
                return null;
            }

            texts.Add(value.Joined);
        }

        return texts;
    }

    private static string Describe(Origin origin, WebsiteCheck check, bool hasText)
    {
        var text = hasText ? " with the expected text" : "";
        var certificate = check.CertificateDaysLeft is { } days ? $"; its certificate holds for {days} days" : "";
        return $"{origin.Authority} answered {check.Status}{text} in {check.LatencyMs} ms{certificate}";
    }

    /// <summary>Null when the response is as expected.</summary>
    private string? Judge(WebsiteCheck check, List<string> expect, List<string> forbid)
    {
        if (!settings.Statuses.Exists(status => status == check.Status))
        {
            var redirects = check.Status is < 300 or >= 400 ? ""
                : !settings.FollowsRedirects ? " (redirects are not followed)"
                : check.Redirects == WebsiteCheck.MaxRedirects ? $" (more than {WebsiteCheck.MaxRedirects} redirects)"
                : "";
            return $"answered {check.Status}, expected {string.Join(" or ", settings.Statuses)}{redirects}";
        }

        if (expect.Count + forbid.Count > 0 && JudgeText(check, expect, forbid) is { } wrong)
        {
            return $"answered {check.Status}, but {wrong}";
        }

        if (check.LatencyMs > settings.MaxLatencyMs)
        {
            return $"answered in {check.LatencyMs} ms, and at most {settings.MaxLatencyMs} ms are allowed";
        }

        return settings.CertificateDays is { } days && check.CertificateDaysLeft < days
            ? $"its certificate holds for {check.CertificateDaysLeft} days, and at least {days} are asked for"
            : null;
    }

    private string? JudgeText(WebsiteCheck check, List<string> expect, List<string> forbid)
    {
        if (PageText.Read(check.Response!, settings.BodyLimit, out var problem) is not { } page)
        {
            return problem;
        }

        return expect.Exists(text => !page.Contains(text)) ? "without the expected text"
            : forbid.Exists(page.Contains) ? "with text that is forbidden"
            : null;
    }

    private static void WriteMetrics(ActionContext context, Origin origin, WebsiteCheck check, string? failure)
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

        context.Log.WriteMetrics(
            context.Invocation.RequestId,
            "website",
            metrics,
            ("FunctionName", context.Settings.FunctionName),
            ("Route", context.RouteName),
            ("Host", origin.Authority),
            ("status", check.Status),
            ("bytes", check.Response?.Body.Length ?? 0),
            ("redirects", check.Redirects));
    }
}
