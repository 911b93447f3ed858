using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// Verifies Signature Version 4 as AWS does. Written apart from the signer that ships, and on other cryptography, so that the two cannot
/// agree on a mistake; AWS's own CLI is signed against it in the tests.
/// </summary>
internal static class SignatureCheck
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The service that the signature is for, and the account that it comes from.</summary>
    /// <exception cref="AwsError">The signature is missing, wrong, too old, or of unknown keys.</exception>
    public static (string Service, string Account) Verify(HttpRequest request, byte[] body, LocalWorld world)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Algorithm + " ", StringComparison.Ordinal))
        {
            throw new AwsError(403, "MissingAuthenticationTokenException", "Request is missing Authentication Token");
        }

        var fields = header[(Algorithm.Length + 1)..].Split(',', StringSplitOptions.TrimEntries).Select(field => field.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair.Length > 1 ? pair[1] : "");
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
        foreach (var required in request.Headers.Keys.Select(name => name.ToLowerInvariant()).Where(name => name is "host" or "content-type" || (name.StartsWith("x-amz-", StringComparison.Ordinal) && name != "x-amz-expected-bucket-owner")))
        {
            if (!names.Contains(required))
            {
                throw new AwsError(403, "InvalidSignatureException", $"'{required}' must be a 'SignedHeader' in the AWS Authorization.");
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
            throw new AwsError(403, "InvalidSignatureException", "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.");
        }

        return (scope[3], keys.Account);
    }

    private static LocalSession Keys(string accessKey, string token, LocalWorld world)
    {
        if (world.Sessions.TryGetValue(accessKey, out var session) && token == session.SessionToken)
        {
            return session.Expires > world.Now ? session : throw new AwsError(403, "ExpiredTokenException", "The security token included in the request is expired");
        }

        if (accessKey != LocalKeys.AccessKeyId)
        {
            throw new AwsError(403, "UnrecognizedClientException", "The security token included in the request is invalid.");
        }

        // The function has a session token, as in Lambda; a person at a terminal need not.
        if (token is not ("" or LocalKeys.SessionToken))
        {
            throw new AwsError(403, token == "expired" ? "ExpiredTokenException" : "UnrecognizedClientException", token == "expired" ? "The security token included in the request is expired" : "The security token included in the request is invalid.");
        }

        return new(LocalKeys.AccessKeyId, LocalKeys.SecretAccessKey, LocalKeys.SessionToken, world.Account, DateTimeOffset.MaxValue);
    }

    private static void CheckDate(string date, string day, DateTimeOffset now)
    {
        if (!DateTimeOffset.TryParseExact(date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var signed) || !date.StartsWith(day, StringComparison.Ordinal))
        {
            throw new AwsError(403, "IncompleteSignatureException", "Date must be in ISO-8601 'basic format' and of the credential's day.");
        }

        if ((now - signed).Duration() > TimeSpan.FromMinutes(5))
        {
            var relation = signed < now ? "Signature expired" : "Signature not yet current";
            throw new AwsError(403, "InvalidSignatureException", $"{relation}: {date} is not within 5 minutes of {now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}");
        }
    }

    private static string Canonical(HttpRequest request, string[] names, byte[] body)
    {
        var query = request.Query.SelectMany(pair => pair.Value.Select(value => (Name: Uri.EscapeDataString(pair.Key), Value: Uri.EscapeDataString(value ?? ""))))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal).Select(pair => $"{pair.Name}={pair.Value}");
        // What was sent is encoded once more, segment by segment.
        var raw = request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget.Split('?')[0];
        var path = string.Join('/', raw.Split('/').Select(Uri.EscapeDataString));
        var headers = names.Select(name => $"{name}:{string.Join(',', request.Headers[name].Select(value => string.Join(' ', (value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))))}\n");
        return $"{request.Method}\n{path}\n{string.Join('&', query)}\n{string.Concat(headers)}\n{string.Join(';', names)}\n{Hex(SHA256.HashData(body))}";
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
