using System.Globalization;
using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Values;

namespace FastTrigger.Actions.Calling;

/// <summary>`hmac`: proves to the server that the call is the function's, and not a replay (<see cref="SignedRequest"/>).</summary>
internal sealed record CallSignature(ValueTemplate Secret, string Header)
{
    public const string TimestampHeader = "x-fasttrigger-timestamp", SignatureHeader = "x-fasttrigger-signature";

    public static CallSignature? Read(SettingReader settings)
    {
        _ = settings.Require("secret", "\"${ssm:/path}\" or \"${env.NAME}\"");
        var secret = settings.Template("secret", ValueRule.NoEvent);
        var header = settings.Matching("header", "the name of a header", static text => HttpRequest.RefuseHeader(text) is null);
        return secret is null ? null : new(secret, header ?? SignatureHeader);
    }

    /// <summary>Adds the two headers; the result of the action when the secret is not available.</summary>
    public ActionResult? Sign(
        ActionContext context,
        string method,
        Origin origin,
        ReadOnlySpan<byte> body,
        List<(string Name, string Value)> headers)
    {
        var secret = Secret.Evaluate(context.Scope);
        if (secret.Failure("hmac.secret") is { } failure)
        {
            return failure;
        }

        var time = ((context.Settings.Clock.UnixMs + context.Shared.ClockOffsetMs) / 1000).ToString(CultureInfo.InvariantCulture);
        var mark = origin.Path.IndexOf('?', StringComparison.Ordinal);
        var path = mark < 0 ? origin.Path : origin.Path[..mark];
        var query = QueryText.Parse(mark < 0 ? "" : origin.Path[(mark + 1)..]);
        headers.Add((TimestampHeader, time));
        headers.Add((Header, SignedRequest.Sign(secret.Joined, time, method, path, query, body)));
        return null;
    }
}
