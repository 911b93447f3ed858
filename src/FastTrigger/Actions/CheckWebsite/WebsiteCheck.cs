using System.Text;
using FastTrigger.Core;
using FastTrigger.Http;

namespace FastTrigger.Actions.CheckWebsite;

/// <summary>One check of a website: the request, its redirects, and the response.</summary>
internal sealed class WebsiteCheck(
    ActionContext context,
    List<(string Name, string Value)> headers,
    string method,
    int bodyLimit,
    int maxRedirects)
{
    private const int MaxHead = 64 * 1024;

    /// <summary>0 when there was no response.</summary>
    public int Status { get; private set; }

    /// <summary>From the start of the connection to the end of the response, with all redirects.</summary>
    public long LatencyMs { get; private set; }

    public int? CertificateDaysLeft { get; private set; }

    public int Redirects { get; private set; }

    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>Null when there was a response.</summary>
    public string? Ask(Origin origin, Deadline deadline)
    {
        var started = context.Settings.Clock.MonotonicMs;
        var host = origin.Host;
        while (true)
        {
            if (Get(origin, deadline, out var location) is { } failure)
            {
                return failure;
            }

            LatencyMs = context.Settings.Clock.MonotonicMs - started;
            if (Status is < 300 or >= 400 || location is null || Redirects == maxRedirects)
            {
                return null;
            }

            Redirects++;
            if (Follow(origin, host, location, out var next) is { } refused)
            {
                return $"answered {Status}, and the redirect is not followed: {refused}";
            }

            origin = next;
        }
    }

    /// <summary>The target of a redirect: the same host, or one that allow.hosts lists; never http after https.</summary>
    private string? Follow(Origin from, string host, string location, out Origin next)
    {
        var scheme = from.Tls ? "https" : "http";
        var url = location.Contains("://", StringComparison.Ordinal) ? location
            : location.StartsWith("//", StringComparison.Ordinal) ? $"{scheme}:{location}"
            : location.StartsWith('/') ? $"{scheme}://{from.Authority}{location}"
            : $"{scheme}://{from.Authority}{from.Path[..(from.Path.Split('?')[0].LastIndexOf('/') + 1)]}{location}";
        if (WebsiteSettings.Refuse(url.Split('#')[0], context.Allow, out next) is { } problem)
        {
            return problem;
        }

        return from.Tls && !next.Tls ? "it leads from https to http"
            : next.Host != host && context.Allow.Hosts.Count == 0 ? $"it leads to {next.Host}, which allow.hosts would have to list"
            : null;
    }

    private string? Get(Origin origin, Deadline deadline, out string? location)
    {
        location = null;
        if (context.Settings.Refuse(origin) is { } reason)
        {
            return reason;
        }

        using var connection = HttpConnection.Open(
            origin,
            context.Shared.Trust.System,
            context.Settings.Proxy,
            deadline,
            context.Settings.Clock,
            out var refused);
        if (connection is null)
        {
            return refused.Detail;
        }

        CertificateDaysLeft = connection.CertificateDaysLeft;
        var request = HttpRequest.Write(new(), method, origin, headers, []);
        var broken = connection.Send(request.Span, new(MaxHead, bodyLimit), deadline, deadline, bodyExpected: method != "HEAD");
        if (!broken.IsNone)
        {
            return broken.Detail;
        }

        var response = connection.Response;
        Status = response.Status;
        Body = response.Body.ToArray();
        location = response.TryGetHeader("location"u8, out var value) ? Encoding.UTF8.GetString(value) : null;
        return null;
    }
}
