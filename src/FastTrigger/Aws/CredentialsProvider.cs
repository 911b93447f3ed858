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
    private const int MaxFetchMs = 5_000;

    private readonly Lock _lock = new();
    private volatile AwsCredentials? _current = FromEnvironment(settings.Variable) is { AreHeaderValues: true } given ? given : null;

    /// <summary>Whether <see cref="Get"/> makes no request.</summary>
    public bool AreAtHand => _current is { } current && current.ExpiresMs - settings.Clock.UnixMs > RenewBeforeMs;

    /// <summary>
    /// Null, with the failure, when there are none. An endpoint that does not answer, or not as a whole, may do so the next time. A setting
    /// that is missing or refused stays so.
    /// </summary>
    public AwsCredentials? Get(Deadline deadline, out AwsFailure? failure)
    {
        failure = null;
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

            if (Fetch(deadline, out failure) is { } fetched)
            {
                return _current = fetched;
            }

            // Credentials that expire soon are better than none.
            var old = _current is { } current && current.ExpiresMs > settings.Clock.UnixMs ? current : null;
            failure = old is null ? failure : null;
            return old;
        }
    }

    /// <summary>AWS refuses these, whatever their endpoint said: the next <see cref="Get"/> fetches others.</summary>
    /// <returns>False for keys of the environment: only a fresh process has others.</returns>
    public bool Forget(AwsCredentials refused)
    {
        lock (_lock)
        {
            // Another thread may have renewed them meanwhile.
            if (_current == refused && FromEnvironment(settings.Variable) is null)
            {
                _current = null;
            }

            return _current != refused;
        }
    }

    private static AwsCredentials? FromEnvironment(Func<string, string?> variable) =>
        variable("AWS_ACCESS_KEY_ID") is { } id && variable("AWS_SECRET_ACCESS_KEY") is { } secret
            ? new(id, secret, variable("AWS_SESSION_TOKEN"))
            : null;

    private AwsCredentials? Fetch(Deadline deadline, out AwsFailure? failure)
    {
        if (WriteRequest(out var origin, out var unusable) is not { } request)
        {
            failure = new(AwsFailureKind.Unusable, "", unusable, Sent: false);
            return null;
        }

        deadline = deadline.AtMost(settings.Clock, MaxFetchMs);
        using var connection = HttpConnection.Open(origin, trust.System, HttpProxy.None, deadline, settings.Clock, out var problem);
        if (connection is not null)
        {
            problem = connection.Send(request.Span, HttpLimits.Aws, deadline, deadline);
        }

        failure = null;
        if (!problem.IsNone)
        {
            var isFinal = problem.Fault is HttpFault.Tls or HttpFault.Untrusted;
            failure = Failure($"failed: {problem.Detail}", isFinal ? AwsFailureKind.Unusable : AwsFailureKind.NoAnswer);
            return null;
        }

        var status = connection!.Response.Status;
        var credentials = status == 200 ? Read(connection.Response.Body) : null;
        if (credentials is null)
        {
            var what = status == 200 ? "200 without a whole document with AccessKeyId and SecretAccessKey" : $"{status}";
            failure = Failure($"answered {what}", status is >= 300 and < 500 and not 408 and not 429
                ? AwsFailureKind.Unusable
                : AwsFailureKind.NoAnswer);
        }
        else if (!credentials.AreHeaderValues)
        {
            failure = Failure($"answered with a key or a token that {Control}", AwsFailureKind.Unusable);
            return null;
        }

        return credentials;
    }

    /// <summary>Whatever happened, nothing of the request that needs the credentials was sent.</summary>
    private static AwsFailure Failure(string what, AwsFailureKind kind) =>
        new(kind, "", $"the container credentials' endpoint {what}", Sent: false);

    /// <summary>Null, with the reason, when the settings name no endpoint that may be asked.</summary>
    private ByteBuffer? WriteRequest(out Origin origin, out string problem)
    {
        if (FromEnvironment(settings.Variable) is not null)
        {
            origin = null!;
            problem = $"AWS_ACCESS_KEY_ID or AWS_SESSION_TOKEN {Control}";
            return null;
        }

        if (ContainerUrl() is not { } url)
        {
            origin = null!;
            problem = "no AWS credentials: neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY "
                + "nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set";
            return null;
        }

        if (!Origin.TryParse(url, out origin, out problem) || !IsAllowed(origin))
        {
            var why = problem.Length > 0 ? problem : "plain http goes to this machine or to the container host only";
            problem = $"the container credentials' address is refused: {why}";
            return null;
        }

        var request = new ByteBuffer()
            .Append("GET "u8).Append(origin.Path).Append(" HTTP/1.1\r\nHost: "u8).Append(origin.Authority)
            .Append("\r\nAccept: application/json\r\n"u8);
        return AppendToken(request, ref problem) ? request.Append("\r\n"u8) : null;
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

    private static AwsCredentials? Read(ReadOnlyMemory<byte> body)
    {
        var document = EventJson.Parse(body, out _);
        var root = document?.RootElement ?? default;
        if (root.Text("AccessKeyId"u8) is not { } id || root.Text("SecretAccessKey"u8) is not { } secret)
        {
            return null;
        }

        var expires = root.Text("Expiration"u8) is { } text && UtcTime.TryParseIso(text, out var time) ? time : long.MaxValue;
        return new(id, secret, root.Text("Token"u8)) { ExpiresMs = expires };
    }
}
