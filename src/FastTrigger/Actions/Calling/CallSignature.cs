using System.Globalization;
using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Values;

namespace FastTrigger.Actions.Calling;

/// <summary>`hmac`: shows the server that the call is the function's, and not an older one (<see cref="SignedRequest"/>).</summary>
internal sealed record CallSignature(ValueTemplate Secret, string Header)
{
    public const string TimestampHeader = "x-fasttrigger-timestamp", SignatureHeader = "x-fasttrigger-signature";

    public static CallSignature? Read(SettingReader settings)
    {
        _ = settings.Require("secret", "\"${ssm:/path}\" or \"${env.NAME}\"");
        var secret = settings.Template("secret", ValueRule.NoEvent);
        var header = settings.Matching("header", "the name of a header", static text => HttpRequest.RefuseHeader(text) is null) ?? SignatureHeader;
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
        var question = origin.Path.IndexOf('?', StringComparison.Ordinal);
        headers.Add((TimestampHeader, time));
        headers.Add((Header, SignedRequest.Sign(secret.Joined, time, method, question < 0 ? origin.Path : origin.Path[..question], QueryText.Parse(question < 0 ? "" : origin.Path[(question + 1)..]), body)));
        return null;
    }
}
