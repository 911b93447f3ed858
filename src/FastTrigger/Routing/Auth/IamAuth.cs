using FastTrigger.Actions;
using FastTrigger.Events;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Routing.Auth;

/// <summary>
/// `iam`: principals that AWS has authenticated, by ARN, in which * stands for anything. A role is named by its own ARN, without its path,
/// for all its sessions, or by the ARN of a session (docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
/// </summary>
internal sealed class IamAuth(IReadOnlyList<string> principals) : RouteAuth
{
    public static IamAuth? Read(SettingReader settings)
    {
        var principals = settings.Require("principals", "a list of ARNs") is { } list ? settings.Strings(list, "principals") : [];
        foreach (var principal in principals)
        {
            settings.Expect(
                principal,
                principal.Text.StartsWith("arn:", StringComparison.Ordinal),
                "principals",
                "ARNs of users, roles or sessions, in which * stands for anything");
        }

        settings.End();
        return new(principals.ConvertEach(static principal => principal.Text));
    }

    public override AuthDecision Decide(HttpEvent request, ActionContext context) =>
        request.UserArn is not { } arn ? AuthDecision.Unknown("AWS has authenticated nobody: the API or URL has no AWS_IAM authorization")
        : NamePattern.Any(principals, arn) || (RoleOf(arn) is { } role && NamePattern.Any(principals, role)) ? AuthDecision.Allowed
        : AuthDecision.Refused($"{arn} is not among the principals");

    /// <summary>arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION as arn:aws:iam::ACCOUNT:role/NAME; null for anybody else.</summary>
    private static string? RoleOf(string arn)
    {
        var parts = arn.Split(':');
        if (parts is not ["arn", var partition, "sts", "", var account, var resource]
            || resource.Split('/') is not ["assumed-role", var name, _])
        {
            return null;
        }

        return $"arn:{partition}:iam::{account}:role/{name}";
    }
}
