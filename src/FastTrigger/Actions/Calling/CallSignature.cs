using System.Globalization;
using System.Text;
using FastTrigger.Http;
using FastTrigger.Values;

namespace FastTrigger.Actions.Calling;

/// <summary>
/// `hmac`: shows the server that the call is the function's, and not an older one. What is signed: the time in seconds since 1970, the method,
/// the path, the query's decoded NAME=VALUE pairs in their order joined with &amp;, and the SHA-256 of the body, a line each. The header
/// x-fasttrigger-timestamp has the time, the signature's header v1= and the HMAC-SHA256 in hexadecimal.
/// </summary>
internal sealed record CallSignature(ValueTemplate Secret, string Header)
{
    public const string TimestampHeader = "x-fasttrigger-timestamp";

    public static CallSignature? Read(SettingReader settings)
    {
        _ = settings.Require("secret", "\"${ssm:/path}\" or \"${env.NAME}\"");
        var secret = settings.Template("secret", ValueRule.NoEvent);
        var header = settings.Matching("header", "the name of a header", static text => HttpRequest.RefuseHeader(text) is null) ?? "x-fasttrigger-signature";
        return secret is null ? null : new(secret, header);
    }

    /// <summary>Adds the two headers; how the action ends when the secret cannot be had.</summary>
    public ActionResult? Sign(ActionContext context, string method, Origin origin, ReadOnlySpan<byte> body, List<(string Name, string Value)> headers)
    {
        var secret = Secret.Evaluate(context.Scope);
        if (secret.Failure("hmac.secret") is { } failure)
        {
            return failure;
        }

        var time = ((context.Settings.Clock.UnixMs + context.Shared.ClockOffsetMs) / 1000).ToString(CultureInfo.InvariantCulture);
        Span<byte> digest = stackalloc byte[Sha256.Size];
        Sha256.Hash(body, digest);
        var question = origin.Path.IndexOf('?', StringComparison.Ordinal);
        var text = new ByteBuffer().Append(time).Append((byte)'\n').Append(method).Append((byte)'\n').Append(question < 0 ? origin.Path : origin.Path[..question]).Append((byte)'\n')
            .Append(question < 0 ? "" : Sorted(origin.Path[(question + 1)..])).Append((byte)'\n').AppendHex(digest);
        Sha256.Hmac(Encoding.UTF8.GetBytes(secret.Joined), text.Span, digest);
        headers.Add((TimestampHeader, time));
        headers.Add((Header, "v1=" + Convert.ToHexStringLower(digest)));
        return null;
    }

    private static string Sorted(string query)
    {
        var pairs = Array.ConvertAll(query.Split('&', StringSplitOptions.RemoveEmptyEntries), static pair => Uri.UnescapeDataString(pair.Replace('+', ' ')));
        Array.Sort(pairs, StringComparer.Ordinal);
        return string.Join('&', pairs);
    }
}
