using FastTrigger.Http;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions.CheckWebsite;

/// <summary>A `check-website` of routes.json.</summary>
internal sealed class WebsiteSettings
{
    private const int DefaultTimeoutMs = 10_000, MaxTimeoutMs = 300_000, MaxCertificateDays = 3_650;

    private const int DefaultBodyLimit = 1024 * 1024, MaxBodyLimit = 16 * 1024 * 1024;

    public required ValueTemplate Url { get; init; }

    public required string Method { get; init; }

    public required List<(string Name, ValueTemplate Value)> Headers { get; init; }

    /// <summary>Texts that the page must have.</summary>
    public required List<ValueTemplate> Expect { get; init; }

    /// <summary>Texts that the page must not have.</summary>
    public required List<ValueTemplate> Forbid { get; init; }

    public required List<int> Statuses { get; init; }

    public required int TimeoutMs { get; init; }

    /// <summary>Null for no limit.</summary>
    public required int? MaxLatencyMs { get; init; }

    /// <summary>How many days the certificate must be valid; null for no check.</summary>
    public required int? CertificateDays { get; init; }

    public required bool FollowsRedirects { get; init; }

    public required int BodyLimit { get; init; }

    /// <summary>Whether the request only reads, as far as HTTP's methods say so.</summary>
    public bool OnlyReads => Method is "GET" or "HEAD" or "OPTIONS";

    public static WebsiteSettings? Read(SettingReader settings, Allow allow)
    {
        _ = settings.Require("url", "\"https://example.com/\" or \"${env.SITE}\"");
        var url = settings.Template("url", ValueRule.NoEvent);
        var read = new WebsiteSettings
        {
            Url = url!,
            Method = HttpSettings.ReadMethod(settings, "GET"),
            Headers = HttpSettings.ReadHeaders(settings, ValueRule.NoEvent),
            Expect = ReadTexts(settings, "expect"),
            Forbid = ReadTexts(settings, "forbid"),
            Statuses = HttpSettings.ReadStatuses(settings, "status"),
            TimeoutMs = settings.Duration("timeout", MaxTimeoutMs) ?? DefaultTimeoutMs,
            MaxLatencyMs = settings.Duration("maxLatency", MaxTimeoutMs),
            CertificateDays = settings.Integer("certificateDays", 1, MaxCertificateDays),
            FollowsRedirects = settings.Choice("redirects", "refuse", "follow") == "follow",
            BodyLimit = settings.Integer("bodyLimit", 1, MaxBodyLimit) ?? DefaultBodyLimit,
        };
        if (read.Statuses.Count == 0)
        {
            read.Statuses.Add(200);
        }

        if (url?.Literal is { } literal && Refuse(literal, allow, out _) is { } problem)
        {
            settings.Refuse("url", problem);
        }

        return url is null ? null : read;
    }

    /// <summary>Null when the URL may be requested; else what is wrong with it.</summary>
    public static string? Refuse(string url, Allow allow, out Origin origin)
    {
        if (!Origin.TryParse(url, out origin, out var problem))
        {
            return problem;
        }

        return Allow.Permits(allow.Hosts, origin.Host) ? null : $"allow.hosts does not list {origin.Host}";
    }

    private static List<ValueTemplate> ReadTexts(SettingReader settings, string name)
    {
        if (settings.Take(name) is not { } node)
        {
            return [];
        }

        var texts = node.IsString ? [node] : settings.Strings(node, name);
        return texts.ConvertEach(text => ValueTemplate.Parse(text, ValueRule.NoEvent, settings.Problems));
    }
}
