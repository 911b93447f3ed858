using FastTrigger.Actions;
using FastTrigger.Events;
using FastTrigger.Values;

namespace FastTrigger.Routing.Auth;

/// <summary>Who may send a route its HTTP requests (C6.4).</summary>
internal abstract class RouteAuth
{
    private const string Forms =
        "{\"iam\": {\"principals\": [...]}}, {\"jwt\": {\"claims\": {...}}}, {\"hmac\": {\"secret\": \"${ssm:/path}\"}} or \"none\"";

    /// <summary>Whether it refuses replays by entries in the act-once table.</summary>
    public virtual bool NeedsOnceTable => false;

    /// <summary>Whether this caller may; else why not, for the log alone.</summary>
    public abstract AuthDecision Decide(HttpEvent request, ActionContext context);

    public static RouteAuth? Of(SettingReader route)
    {
        if (route.Take("auth") is not { } node)
        {
            return null;
        }

        if (node.IsString)
        {
            return route.Expect(node, node.Text == "none", "auth", Forms) ? new NoAuth() : null;
        }

        if (SettingReader.Open(node, "auth", route.Problems) is not { } settings
            || !route.Expect(node, node.Members.Length == 1, "auth", Forms))
        {
            return null;
        }

        var form = settings.Take("iam") ?? settings.Take("jwt") ?? settings.Take("hmac");
        var inner = form is not { } given ? null : SettingReader.Open(given, node.Members.First.Name, route.Problems);
        RouteAuth? auth = inner is null ? null : node.Members.First.Name switch
        {
            "iam" => IamAuth.Read(inner),
            "jwt" => JwtAuth.Read(inner),
            _ => HmacAuth.Read(inner),
        };
        settings.End();
        return auth;
    }

    /// <summary>Everybody.</summary>
    private sealed class NoAuth : RouteAuth
    {
        public override AuthDecision Decide(HttpEvent request, ActionContext context) => AuthDecision.Allowed;
    }
}

/// <summary>Whether a caller may: Done, or the outcome of the request.</summary>
internal sealed record AuthDecision(ItemOutcome Outcome, string Reason)
{
    public static AuthDecision Allowed { get; } = new(ItemOutcome.Done, "");

    /// <summary>Nothing says who it is.</summary>
    public static AuthDecision Unknown(string reason) => new(ItemOutcome.Unauthenticated, reason);

    /// <summary>What had to be asked could not be: nobody is let in.</summary>
    public static AuthDecision Undecided(ActionResult failure) => new(
        failure.TimeIsUp ? ItemOutcome.TimeIsUp
        : failure.IsThrottled ? ItemOutcome.Throttled
        : failure.Outcome is FastTrigger.Outcome.Retry ? ItemOutcome.Retry
        : ItemOutcome.Failed,
        failure.Detail);

    /// <summary>It is somebody else, or not as it should be.</summary>
    public static AuthDecision Refused(string reason) => new(ItemOutcome.Forbidden, reason);
}
