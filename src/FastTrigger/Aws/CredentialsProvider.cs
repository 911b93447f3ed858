using FastTrigger.Configuration;
using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Json;

namespace FastTrigger.Aws;

/// <summary>
/// Credentials from the environment, where Lambda puts them, else from the container endpoint
/// (docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html).
/// </summary>
internal sealed class CredentialsProvider(Settings settings, TrustStore trust)
{
    /// <summary>Fetched credentials are renewed this long before they expire.</summary>
    private const long RenewBeforeMs = 5 * 60_000;

    private const string Control = "has a line break or another control character in it, which no header can hold";

    private readonly Lock _lock = new();
    private volatile AwsCredentials? _current = FromEnvironment(settings.Variable) is { AreHeaderValues: true } given ? given : null;

    /// <summary>Whether <see cref="Get"/> makes no request.</summary>
    public bool AreAtHand => _current is { } current && current.ExpiresMs - settings.Clock.UnixMs > RenewBeforeMs;

    /// <summary>Null, with the reason, when there are none.</summary>
    public AwsCredentials? Get(Deadline deadline, out string problem)
    {
        problem = "";
        if (AreAtHand)
        {
            return _current;
        }

        lock (_lock)
        {
            // Another thread may have renewed them meanwhile.
            if (AreAtHand)
            {
                return _current;
            }

            if (Fetch(deadline, out problem) is { } fetched)
            {
                return _current = fetched;
            }

            // Credentials that expire soon are better than none.
            return _current is { } old && old.ExpiresMs > settings.Clock.UnixMs ? old : null;
        }
    }

    private static AwsCredentials? FromEnvironment(Func<string, string?> variable) =>
        variable("AWS_ACCESS_KEY_ID") is { } id && variable("AWS_SECRET_ACCESS_KEY") is { } secret
            ? new(id, secret, variable("AWS_SESSION_TOKEN"))
            : null;

    private AwsCredentials? Fetch(Deadline deadline, out string problem)
    {
        if (FromEnvironment(settings.Variable) is not null)
        {
            problem = $"AWS_ACCESS_KEY_ID or AWS_SESSION_TOKEN {Control}";
            return null;
        }

        if (ContainerUrl() is not { } url)
        {
            problem = "no AWS credentials: neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY "
                + "nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set";
            return null;
        }

        if (!Origin.TryParse(url, out var origin, out problem) || !IsAllowed(origin))
        {
            var why = problem.Length > 0 ? problem : "plain http goes to this machine or to the container host only";
            problem = $"the container credentials' address is refused: {why}";
            return null;
        }

        var request = new ByteBuffer()
            .Append("GET "u8).Append(origin.Path).Append(" HTTP/1.1\r\nHost: "u8).Append(origin.Authority)
            .Append("\r\nAccept: application/json\r\n"u8);
        if (!AppendToken(request, ref problem))
        {
            return null;
        }

        deadline = deadline.AtMost(settings.Clock, 5_000);
        using var connection = HttpConnection.Open(origin, trust.System, HttpProxy.None, deadline, settings.Clock, out var refused);
        if (connection is null)
        {
            problem = "the container credentials' endpoint failed: " + refused.Detail;
            return null;
        }

        var failed = connection.Send(request.Append("\r\n"u8).Span, HttpLimits.Aws, deadline, deadline);
        if (!failed.IsNone || connection.Response.Status != 200)
        {
            var why = failed.IsNone ? $"answered {connection.Response.Status}" : $"failed: {failed.Detail}";
            problem = $"the container credentials' endpoint {why}";
            return null;
        }

        return Read(connection.Response.Body, out problem);
    }

    private string? ContainerUrl() => settings.Variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") is { } path
        ? "http://169.254.170.2" + path
        : settings.Variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");

    /// <summary>Plain http goes only to this machine, to ECS (169.254.170.2) and to EKS (169.254.170.23), as in the SDKs.</summary>
    private static bool IsAllowed(Origin origin) =>
        origin.Tls
        || origin.Host is "localhost" or "[::1]" or "169.254.170.2" or "169.254.170.23" or "[fd00:ec2::23]"
        || (origin.Host.StartsWith("127.", StringComparison.Ordinal) && AddressList.IsLiteral(origin.Host));

    private bool AppendToken(ByteBuffer request, ref string problem)
    {
        var token = settings.Variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        if (settings.Variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") is { } file)
        {
            if (Libc.ReadFile(file, out var unreadable) is not { } bytes)
            {
                problem = $"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: {file}: {unreadable}";
                return false;
            }

            token = System.Text.Encoding.UTF8.GetString(bytes);
        }

        if (token is null)
        {
            return true;
        }

        if (!HttpRequest.IsHeaderValue(token))
        {
            problem = $"the container authorization token {Control}";
            return false;
        }

        request.Append("Authorization: "u8).Append(token).Append("\r\n"u8);
        return true;
    }

    private static AwsCredentials? Read(ReadOnlyMemory<byte> body, out string problem)
    {
        var document = EventJson.Parse(body, out problem);
        var root = document?.RootElement ?? default;
        if (root.Text("AccessKeyId"u8) is not { } id || root.Text("SecretAccessKey"u8) is not { } secret)
        {
            problem = "the container credentials' endpoint answered without AccessKeyId and SecretAccessKey";
            return null;
        }

        var expires = root.Text("Expiration"u8) is { } text && UtcTime.TryParseIso(text, out var time) ? time : long.MaxValue;
        var read = new AwsCredentials(id, secret, root.Text("Token"u8)) { ExpiresMs = expires };
        problem = read.AreHeaderValues ? "" : $"the container credentials' endpoint answered with a key or a token that {Control}";
        return read.AreHeaderValues ? read : null;
    }
}
