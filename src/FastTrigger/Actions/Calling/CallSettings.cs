using System.Text.Json;
using FastTrigger.Actions.Once;
using FastTrigger.Http;
using FastTrigger.Values;

namespace FastTrigger.Actions.Calling;

/// <summary>A `call` of routes.json.</summary>
internal sealed class CallSettings
{
    private const int DefaultTimeoutMs = 10_000, MaxTimeoutMs = 300_000;

    public required ValueTemplate Url { get; init; }

    public required string Method { get; init; }

    public required List<(string Name, ValueTemplate Value)> Headers { get; init; }

    public required CallMessage? Message { get; init; }

    public required CallExpectation Expect { get; init; }

    /// <summary>The statuses of a server on which the call had no effect, so that it may be repeated.</summary>
    public required List<int> RetryStatuses { get; init; }

    public required CallTls Tls { get; init; }

    public required CallSignature? Signature { get; init; }

    /// <summary>Null for none.</summary>
    public required string? IdempotencyHeader { get; init; }

    /// <summary>Whether repeating the call does no harm.</summary>
    public required bool IsIdempotent { get; init; }

    public required int TimeoutMs { get; init; }

    public required int ConnectTimeoutMs { get; init; }

    public required OnceSetting Once { get; init; }

    public static CallSettings? Read(SettingReader settings, Allow allow)
    {
        _ = settings.Require("url", "\"https://host/path\", \"tls://host:port\" or \"tcp://host:port\"");
        var url = settings.Template("url", ValueRule.NoEvent);
        var read = new CallSettings
        {
            Url = url!,
            Method = HttpSettings.ReadMethod(settings, "POST"),
            Headers = HttpSettings.ReadHeaders(settings, ValueRule.Anything),
            Message = CallMessage.Read(settings),
            Expect = settings.Object("expect", CallExpectation.Read) ?? CallExpectation.None,
            RetryStatuses = HttpSettings.ReadStatuses(settings, "retryStatus"),
            Tls = settings.Object("tls", CallTls.Read) ?? new(),
            Signature = settings.Object("hmac", CallSignature.Read),
            IdempotencyHeader = ReadIdempotencyHeader(settings),
            IsIdempotent = settings.Boolean("idempotent", otherwise: false),
            TimeoutMs = settings.Duration("timeout", MaxTimeoutMs) ?? DefaultTimeoutMs,
            ConnectTimeoutMs = settings.Duration("connectTimeout", MaxTimeoutMs) ?? DefaultTimeoutMs,
            Once = OnceSetting.Read(settings, OncePer.Event),
        };
        if (read.RetryStatuses.Count == 0)
        {
            read.RetryStatuses.AddRange([425, 429, 503]);
        }

        if (url?.Literal is { } literal)
        {
            if (Refuse(literal, allow, out _) is { } problem)
            {
                settings.Refuse("url", problem);
            }
            else if (!IsHttp(literal))
            {
                read.CheckSocket(settings);
            }
        }

        return url is null ? null : read;
    }

    public static bool IsHttp(string url) => url.StartsWith("http", StringComparison.OrdinalIgnoreCase);

    /// <summary>Null when the URL may be called; else what is wrong with it.</summary>
    public static string? Refuse(string url, Allow allow, out Origin origin)
    {
        if (!(IsHttp(url) ? Origin.TryParse(url, out origin, out var problem) : Origin.TryParseSocket(url, out origin, out problem)))
        {
            return IsHttp(url) ? problem : $"{problem}; https://host/path is the other form";
        }

        return Allow.Permits(allow.Hosts, origin.Host) ? null : $"allow.hosts does not list {origin.Host}";
    }

    private static string? ReadIdempotencyHeader(SettingReader settings)
    {
        const string Usual = "Idempotency-Key";
        if (settings.Take("idempotencyKey") is not { } node || node.Kind == JsonTokenType.True)
        {
            return Usual;
        }

        if (node.Kind == JsonTokenType.False)
        {
            return null;
        }

        var isName = node.IsString && HttpRequest.RefuseHeader(node.Text) is null;
        return settings.Expect(node, isName, "idempotencyKey", "true, false or the name of a header") ? node.Text : null;
    }

    /// <summary>A socket has no headers, methods or statuses, and needs a message.</summary>
    private void CheckSocket(SettingReader settings)
    {
        foreach (var name in (ReadOnlySpan<string>)["method", "headers", "hmac", "idempotencyKey", "retryStatus"])
        {
            if (settings.Node.Find(name) is { } node)
            {
                settings.Problems.Add(node, $"'{name}' belongs to https:// and http://");
            }
        }

        if (Message is null)
        {
            settings.Problems.Add(settings.Node, "call needs 'message' for tcp:// and tls://: what is sent");
        }

        if (Expect.Statuses.Count > 0)
        {
            settings.Refuse("expect", "'status' belongs to https:// and http://");
        }
    }
}
