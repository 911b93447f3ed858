using FastTrigger.Core;
using FastTrigger.Http;

namespace FastTrigger.Actions.CheckWebsite;

/// <summary>One check of a website: the request, its redirects, and the response.</summary>
/// <param name="headers">The values of the settings' headers, in the same order.</param>
internal sealed class WebsiteCheck(ActionContext context, WebsiteSettings settings, List<(string Name, string Value)> headers)
{
    public const int MaxRedirects = 5;

    private const int MaxHead = 64 * 1024;

    private readonly CookieJar _cookies = new(context.Settings.Clock);
    private string _method = settings.Method;
    private bool _leftOrigin;

    /// <summary>0 when there was no response.</summary>
    public int Status => Response?.Status ?? 0;

    /// <summary>From the start of the connection to the end of the response, with all redirects.</summary>
    public long LatencyMs { get; private set; }

    public int? CertificateDaysLeft { get; private set; }

    public int Redirects { get; private set; }

    /// <summary>The last response; null when there was none.</summary>
    public HttpResponse? Response { get; private set; }

    /// <summary>Null when there was a response.</summary>
    public string? Ask(Origin origin, Deadline deadline)
    {
        var started = context.Settings.Clock.MonotonicMs;
        var host = origin.Host;
        while (true)
        {
            if (Get(origin, deadline) is { } failure)
            {
                return failure;
            }

            LatencyMs = context.Settings.Clock.MonotonicMs - started;
            if (!settings.FollowsRedirects
                || Status is not (301 or 302 or 303 or 307 or 308)
                || !Response!.TryGetHeader("location"u8, out var location)
                || Redirects == MaxRedirects)
            {
                return null;
            }

            Redirects++;
            if (Follow(origin, host, Escaped(location), out var next) is { } refused)
            {
                return $"answered {Status}, and the redirect is not followed: {refused}";
            }

            _cookies.Keep(Response, origin);
            _leftOrigin |= next.Tls != origin.Tls || next.Host != origin.Host || next.Port != origin.Port;
            // RFC 9110, 15.4: 303 asks for another page, and so do all clients after a POST that has moved.
            var asksForPage = Status == 303 ? _method != "HEAD" : Status is 301 or 302 && _method == "POST";
            _method = asksForPage ? "GET" : _method;
            origin = next;
        }
    }

    /// <summary>The target of a redirect: the same host, or one that allow.hosts lists; never http after https.</summary>
    private string? Follow(Origin from, string host, string location, out Origin next)
    {
        if (WebsiteSettings.Refuse(UrlReference.Resolve(from, location).Split('#')[0], context.Allow, out next) is { } problem)
        {
            return problem;
        }

        return from.Tls && !next.Tls ? "it leads from https to http"
            : next.Host != host && context.Allow.Hosts.Count == 0 ? $"it leads to {next.Host}, which allow.hosts would have to list"
            : null;
    }

    private string? Get(Origin origin, Deadline deadline)
    {
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
        // The body of a redirect is not needed any more.
        Response = null;
        var request = HttpRequest.Write(new(), _method, origin, HeadersFor(origin), []);
        var limits = new HttpLimits(MaxHead, settings.BodyLimit);
        var broken = connection.Send(request.Span, limits, deadline, deadline, bodyExpected: _method != "HEAD");
        if (!broken.IsNone)
        {
            return broken.Detail;
        }

        Response = connection.Response;
        return null;
    }

    /// <summary>
    /// Another origin gets no credentials (RFC 9110, 15.4): no Authorization, no cookie of the route's own, and no value that is made of
    /// ${...}. A page that replaces the answer to another method gets no header about content.
    /// </summary>
    private List<(string Name, string Value)> HeadersFor(Origin origin)
    {
        var sent = new List<(string Name, string Value)>(headers.Count + 1);
        var cookies = "";
        for (var i = 0; i < headers.Count; i++)
        {
            var name = headers[i].Name.ToLowerInvariant();
            var isSecret = name is "authorization" or "cookie" or "proxy-authorization" || settings.Headers[i].Value.Literal is null;
            if ((_leftOrigin && isSecret) || (_method != settings.Method && name.StartsWith("content-", StringComparison.Ordinal)))
            {
                continue;
            }

            if (name == "cookie")
            {
                cookies = headers[i].Value;
            }
            else
            {
                sent.Add(headers[i]);
            }
        }

        cookies = _cookies.For(origin, cookies);
        if (cookies.Length > 0)
        {
            sent.Add(("Cookie", cookies));
        }

        return sent;
    }

    /// <summary>The text of a Location. What no URL has, such as a space or a letter with an accent, is percent-encoded.</summary>
    private static string Escaped(ReadOnlySpan<byte> location)
    {
        var text = new ByteBuffer(location.Length + 16);
        foreach (var value in location)
        {
            if (value is > (byte)' ' and < 0x7f)
            {
                text.Append(value);
            }
            else
            {
                text.Append((byte)'%').AppendHex([value]);
            }
        }

        return text.ToString();
    }
}
