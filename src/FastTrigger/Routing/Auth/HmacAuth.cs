using System.Globalization;
using FastTrigger.Actions;
using FastTrigger.Actions.Calling;
using FastTrigger.Actions.Once;
using FastTrigger.Events;
using FastTrigger.Http;
using FastTrigger.Values;

namespace FastTrigger.Routing.Auth;

/// <summary>
/// `hmac`: a secret that the sender and the function share (<see cref="SignedRequest"/>), and a time that is at most five minutes off. The
/// same request is admitted once: what was here is noted in the act-once table for as long as its time is good.
/// </summary>
internal sealed class HmacAuth(ValueTemplate secret, string header) : RouteAuth
{
    private const int WindowSeconds = 5 * 60, MaxTimeLength = 12;

    private const string Form = "\"${ssm:/path}\" or \"${env.NAME}\"";

    public override bool NeedsOnceTable => true;

    public static HmacAuth? Read(SettingReader settings)
    {
        if (settings.Require("secret", Form) is not { } node || settings.Template("secret", ValueRule.NoEvent) is not { } secret)
        {
            return null;
        }

        settings.Expect(node, secret.Literal is null, "secret", $"{Form}: a secret does not stand in the file");
        var header = settings.Matching("header", "the name of a header", static text => HttpRequest.RefuseHeader(text) is null);
        settings.End();
        return new(secret, header?.ToLowerInvariant() ?? CallSignature.SignatureHeader);
    }

    public override AuthDecision Decide(HttpEvent request, ActionContext context)
    {
        if (request.Header(header) is not { Length: > 0 } given || request.Header(CallSignature.TimestampHeader) is not { } time)
        {
            return AuthDecision.Unknown($"{header} and {CallSignature.TimestampHeader} are missing, or stand twice");
        }

        if (time.Length > MaxTimeLength || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return AuthDecision.Refused($"{CallSignature.TimestampHeader} is no number of seconds since 1970");
        }

        var value = secret.Evaluate(context.Scope);
        if (value.Failure("auth.hmac.secret") is { } failure)
        {
            return AuthDecision.Undecided(failure);
        }

        if (request.Body() is not { } body)
        {
            return AuthDecision.Refused("the body that was signed is not known");
        }

        // An empty secret is one that everybody knows.
        var wanted = SignedRequest.Sign(value.Joined, time, request.Method, request.Path, request.Query(), body.Span);
        if (value.Joined.Length == 0 || !SignedRequest.AreEqual(wanted, given))
        {
            return AuthDecision.Refused("the signature is not that of this request");
        }

        var now = context.NowMs / 1000;
        if (Math.Abs(now - seconds) > WindowSeconds)
        {
            return AuthDecision.Refused($"the request is {now - seconds} s old; {WindowSeconds} s are accepted");
        }

        // Signed up to five minutes ahead of our clock it is good for ten.
        var key = OnceSetting.Hash($"{context.Settings.FunctionName}\0{context.RouteName}\0hmac\0{given}");
        return ReplayGuard.Look(context, key, WindowSeconds * 2 + 1, fingerprint: given, out var refused) switch
        {
            Seen.Never => AuthDecision.Allowed,
            Seen.Unknown => AuthDecision.Undecided(refused),
            _ => AuthDecision.Refused("the request was here before; sign it anew to send it again"),
        };
    }
}
