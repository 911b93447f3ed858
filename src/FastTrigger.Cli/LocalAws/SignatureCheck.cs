using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// Verifies Signature Version 4. It shares no code and no cryptography with the function's signer, so that the two cannot have the same
/// error. The tests check it with AWS's own CLI.
/// </summary>
internal static class SignatureCheck
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The service that a request says it is signed for; null when it is not signed.</summary>
    public static string? Service(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        var scope = header.StartsWith(Algorithm, StringComparison.Ordinal) ? header.Split(',')[0].Split('/') : [];
        return scope.Length > 3 ? scope[3] : null;
    }

    /// <summary>Returns the service of the signature's scope, and the account of its credentials.</summary>
    /// <exception cref="AwsError">The signature is missing, wrong or too old, or its keys are unknown.</exception>
    public static (string Service, string Account) Verify(HttpRequest request, byte[] body, LocalWorld world)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Algorithm + " ", StringComparison.Ordinal))
        {
            throw new AwsError(403, "MissingAuthenticationTokenException", "Request is missing Authentication Token");
        }

        var fields = header[(Algorithm.Length + 1)..]
            .Split(',', StringSplitOptions.TrimEntries)
            .Select(field => field.Split('=', 2))
            .DistinctBy(pair => pair[0])
            .ToDictionary(pair => pair[0], pair => pair.Length > 1 ? pair[1] : "");
        var scope = fields.GetValueOrDefault("Credential", "").Split('/');
        if (scope.Length != 5 || scope[4] != "aws4_request")
        {
            throw new AwsError(403, "IncompleteSignatureException", "Credential must have exactly 5 slash-delimited elements");
        }

        var now = world.Now;
        var keys = Keys(scope[0], request.Headers["x-amz-security-token"].ToString(), world);
        var date = request.Headers["x-amz-date"].ToString();
        CheckDate(date, scope[1], now);
        var names = fields.GetValueOrDefault("SignedHeaders", "").Split(';');
        foreach (var name in request.Headers.Keys.Select(name => name.ToLowerInvariant()))
        {
            if (MustBeSigned(name) && !names.Contains(name))
            {
                throw new AwsError(403, "InvalidSignatureException", $"'{name}' must be a 'SignedHeader' in the AWS Authorization.");
            }
        }

        var canonical = Canonical(request, names, body);
        var text = $"{Algorithm}\n{date}\n{string.Join('/', scope[1..])}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + keys.SecretAccessKey);
        foreach (var part in scope[1..])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        if (Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))) != fields.GetValueOrDefault("Signature"))
        {
            throw new AwsError(
                403,
                "InvalidSignatureException",
                "The request signature we calculated does not match the signature you provided. "
                + "Check your AWS Secret Access Key and signing method.");
        }

        return (scope[3], keys.Account);
    }

    private static bool MustBeSigned(string header) =>
        header is "host" or "content-type"
        || (header.StartsWith("x-amz-", StringComparison.Ordinal) && header != "x-amz-expected-bucket-owner");

    private static LocalSession Keys(string accessKey, string token, LocalWorld world)
    {
        if (world.Sessions.TryGetValue(accessKey, out var session) && token == session.SessionToken)
        {
            return session.Expires > world.Now ? session : throw ExpiredToken();
        }

        // The function has a session token, as in Lambda. A user at a terminal needs none.
        if (accessKey != LocalKeys.AccessKeyId || token is not ("" or LocalKeys.SessionToken or "expired"))
        {
            throw new AwsError(403, "UnrecognizedClientException", "The security token included in the request is invalid.");
        }

        return token == "expired"
            ? throw ExpiredToken()
            : new(LocalKeys.AccessKeyId, LocalKeys.SecretAccessKey, LocalKeys.SessionToken, world.Account, DateTimeOffset.MaxValue);
    }

    private static AwsError ExpiredToken() => new(403, "ExpiredTokenException", "The security token included in the request is expired");

    private static void CheckDate(string date, string day, DateTimeOffset now)
    {
        const string Format = "yyyyMMdd'T'HHmmss'Z'";
        if (!DateTimeOffset.TryParseExact(date, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var signed)
            || !date.StartsWith(day, StringComparison.Ordinal))
        {
            throw new AwsError(403, "IncompleteSignatureException", "Date must be in ISO-8601 'basic format' and of the credential's day.");
        }

        if ((now - signed).Duration() > TimeSpan.FromMinutes(5))
        {
            var relation = signed < now ? "Signature expired" : "Signature not yet current";
            var text = now.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);
            throw new AwsError(403, "InvalidSignatureException", $"{relation}: {date} is not within 5 minutes of {text}");
        }
    }

    private static string Canonical(HttpRequest request, string[] names, byte[] body)
    {
        var query = request.Query
            .SelectMany(pair => pair.Value.Select(value => (Name: pair.Key, Value: value ?? "")))
            .Select(pair => (Name: Uri.EscapeDataString(pair.Name), Value: Uri.EscapeDataString(pair.Value)))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{pair.Name}={pair.Value}");
        // The path is encoded once more, segment by segment.
        var raw = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0];
        var path = string.Join('/', raw.Split('/').Select(Uri.EscapeDataString));
        var headers = names.Select(name => $"{name}:{string.Join(',', request.Headers[name].Select(Trim))}\n");
        return $"{request.Method}\n{path}\n{string.Join('&', query)}\n"
            + $"{string.Concat(headers)}\n{string.Join(';', names)}\n{Hex(SHA256.HashData(body))}";
    }

    /// <summary>A header value with single spaces, and none at its ends.</summary>
    private static string Trim(string? value) => string.Join(' ', (value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
