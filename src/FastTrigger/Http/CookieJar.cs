using System.Text;
using FastTrigger.Core;

namespace FastTrigger.Http;

/// <summary>The cookies of one check, for its redirects (RFC 6265, 5.3 and 5.4). A cookie that breaks a rule is ignored.</summary>
internal sealed class CookieJar(Clock clock)
{
    private const int MaxCookies = 50, MaxLength = 4096;

    private readonly List<Cookie> _cookies = [];

    /// <summary>Keeps the cookies of an answer.</summary>
    public void Keep(HttpResponse response, Origin from)
    {
        var at = 0;
        while (response.TryGetHeader("set-cookie"u8, ref at, out var value))
        {
            if (value.Length <= MaxLength)
            {
                Keep(Encoding.UTF8.GetString(value), from);
            }
        }
    }

    /// <summary>The value of the Cookie header for a request; empty for none.</summary>
    /// <param name="own">The value that the route sets itself.</param>
    public string For(Origin to, string own)
    {
        foreach (var cookie in _cookies)
        {
            if (cookie.Fits(to))
            {
                own = own.Length == 0 ? cookie.Pair : $"{own}; {cookie.Pair}";
            }
        }

        return own;
    }

    private void Keep(string text, Origin from)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        var equals = parts[0].IndexOf('=', StringComparison.Ordinal);
        if (equals < 1 || !HttpRequest.IsHeaderValue(parts[0]))
        {
            return;
        }

        var slash = PathOf(from).LastIndexOf('/');
        var cookie = new Cookie(parts[0], equals, from.Host, false, slash > 0 ? PathOf(from)[..slash] : "/", false);
        var isGone = false;
        for (var i = 1; i < parts.Length; i++)
        {
            var mark = parts[i].IndexOf('=', StringComparison.Ordinal);
            var value = mark < 0 ? "" : parts[i][(mark + 1)..].Trim();
            switch ((mark < 0 ? parts[i] : parts[i][..mark]).TrimEnd().ToLowerInvariant())
            {
                case "secure":
                    cookie = cookie with { IsSecure = true };
                    break;
                case "path" when value.StartsWith('/'):
                    cookie = cookie with { Path = value };
                    break;
                case "domain" when value.Length > 0:
                    cookie = cookie with { Domain = value.TrimStart('.').ToLowerInvariant(), WithSubdomains = true };
                    break;
                case "max-age":
                    isGone = value is "0" || value.StartsWith('-');
                    break;
                case "expires":
                    var date = Encoding.ASCII.GetBytes(value.Replace('-', ' '));
                    isGone |= UtcTime.TryParseHttp(date, out var time) && time <= clock.UnixMs;
                    break;
            }
        }

        if (!cookie.MayComeFrom(from))
        {
            return;
        }

        _cookies.RemoveAll(kept => kept.Replaces(cookie));
        if (!isGone && _cookies.Count < MaxCookies)
        {
            _cookies.Add(cookie);
        }
    }

    private static string PathOf(Origin origin) => origin.Path.Split('?')[0];

    private readonly record struct Cookie(string Pair, int NameLength, string Domain, bool WithSubdomains, string Path, bool IsSecure)
    {
        /// <summary>A whole top-level domain is never a cookie's domain, and an address has no subdomains.</summary>
        public bool MayComeFrom(Origin from) => (!IsSecure || from.Tls)
            && (from.Host == Domain || (Domain.Contains('.') && !AddressList.IsLiteral(from.Host) && IsIn(from.Host)));

        public bool Replaces(Cookie other) =>
            Domain == other.Domain
            && Path == other.Path
            && Pair.AsSpan(0, NameLength).SequenceEqual(other.Pair.AsSpan(0, other.NameLength));

        public bool Fits(Origin to)
        {
            var path = PathOf(to);
            return (!IsSecure || to.Tls)
                && (to.Host == Domain || (WithSubdomains && !AddressList.IsLiteral(to.Host) && IsIn(to.Host)))
                && path.StartsWith(Path, StringComparison.Ordinal)
                && (path.Length == Path.Length || Path[^1] == '/' || path[Path.Length] == '/');
        }

        private bool IsIn(string host) => host.EndsWith("." + Domain, StringComparison.Ordinal);
    }
}
