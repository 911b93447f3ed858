using System.Text;
using FastTrigger.Core;

namespace FastTrigger.Http;

/// <summary>HTTPS_PROXY and NO_PROXY, as curl reads them: https uses the proxy by CONNECT, except for the hosts of NO_PROXY.</summary>
internal sealed class HttpProxy
{
    private readonly Origin? _origin;
    private readonly string? _authorization;
    private readonly string[] _except;

    private HttpProxy(Origin? origin, string? authorization, string[] except)
    {
        _origin = origin;
        _authorization = authorization;
        _except = except;
    }

    public static HttpProxy None { get; } = new(null, null, []);

    /// <param name="url">http://[user:password@]host[:port], or host:port; null or empty for none.</param>
    /// <param name="noProxy">Comma-separated hosts, .domains, addresses or *.</param>
    public static bool TryParse(string? url, string? noProxy, out HttpProxy proxy, out string problem)
    {
        proxy = None;
        problem = "";
        if (string.IsNullOrEmpty(url))
        {
            return true;
        }

        url = url.Contains("://", StringComparison.Ordinal) ? url : "http://" + url;
        string? authorization = null;
        var at = url.LastIndexOf('@');
        if (at > 0)
        {
            var start = url.IndexOf("://", StringComparison.Ordinal) + 3;
            authorization = Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url[start..at])));
            url = url[..start] + url[(at + 1)..];
        }

        if (!Origin.TryParse(url, out var origin, out problem) || origin.Tls)
        {
            problem = "HTTPS_PROXY: " + (problem.Length > 0 ? problem : "only a proxy with an http:// URL is supported");
            return false;
        }

        const StringSplitOptions Entries = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        proxy = new(origin, authorization, (noProxy ?? "").Split(',', Entries));
        return true;
    }

    /// <summary>The proxy for a target; null for a direct connection.</summary>
    public Origin? For(Origin target)
    {
        if (_origin is null || !target.Tls)
        {
            return null;
        }

        foreach (var entry in _except)
        {
            if (Excepts(entry, target))
            {
                return null;
            }
        }

        return _origin;
    }

    public ByteBuffer ConnectRequest(Origin target, ByteBuffer request)
    {
        request.Append("CONNECT "u8).Append(target.Host).Append((byte)':').Append(target.Port).Append(" HTTP/1.1\r\nHost: "u8)
            .Append(target.Host).Append((byte)':').Append(target.Port).Append("\r\n"u8);
        if (_authorization is not null)
        {
            request.Append("Proxy-Authorization: Basic "u8).Append(_authorization).Append("\r\n"u8);
        }

        return request.Append("\r\n"u8);
    }

    private static bool Excepts(string entry, Origin target)
    {
        var name = entry.AsSpan();
        var colon = name.LastIndexOf(':');
        if (colon > 0 && name.IndexOf(':') == colon)
        {
            if (!name[(colon + 1)..].SequenceEqual(target.Port.ToString(provider: null)))
            {
                return false;
            }

            name = name[..colon];
        }

        name = name.TrimStart('.').Trim("[]");
        var host = target.Host.AsSpan().Trim("[]");
        return name.SequenceEqual("*")
            || host.Equals(name, StringComparison.OrdinalIgnoreCase)
            || (host.Length > name.Length && host[^(name.Length + 1)] == '.' && host.EndsWith(name, StringComparison.OrdinalIgnoreCase));
    }
}
