using FastTrigger.Aws;
using FastTrigger.Aws.Sts;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions;

/// <summary>`role`: an ARN, or {"arn", "externalId", "sessionTags"}. An event may put only an account number into it (C1.6).</summary>
internal sealed record RoleSetting(
    ValueTemplate Arn,
    ValueTemplate? ExternalId,
    IReadOnlyList<(string Key, ValueTemplate Value)> SessionTags)
{
    private const string Form = "the ARN of a role, arn:aws:iam::ACCOUNT:role/NAME";

    private const int MaxShownLength = 200, MaxTags = 50, MaxSessionName = 64, MaxArn = 2_048, MaxExternalId = 1_224;

    public static RoleSetting? Read(SettingReader action, Allow allow)
    {
        if (action.Take("role") is not { } node)
        {
            return null;
        }

        if (node.IsString)
        {
            var template = ValueTemplate.Parse(node, ValueRule.Account, action.Problems);
            return Checked(new(template, null, []), node, allow, action.Problems);
        }

        if (SettingReader.Open(node, "role", action.Problems) is not { } settings
            || settings.Require("arn", Form) is null
            || settings.Template("arn", ValueRule.Account) is not { } arn)
        {
            return null;
        }

        var role = new RoleSetting(arn, settings.Template("externalId", ValueRule.NoEvent), ReadTags(settings));
        settings.End();
        return Checked(role, node, allow, action.Problems);
    }

    /// <summary>Whether a text is the ARN of a role.</summary>
    public static bool IsArn(string text) => Account(text, out _).Length > 0;

    /// <summary>The request to STS, and the account of the role; null with the result of the action.</summary>
    public AssumeRoleRequest? Evaluate(ActionContext context, out string account, out ActionResult refused)
    {
        refused = default;
        account = "";
        var arn = Arn.Evaluate(context.Scope);
        var externalId = ExternalId?.Evaluate(context.Scope);
        if ((arn.Failure("role") ?? externalId?.Failure("role.externalId")) is { } failure)
        {
            refused = failure;
            return null;
        }

        account = Account(arn.Joined, out var partition);
        if (account.Length == 0 || partition != Partition.Of(context.Settings.Region)?.Name)
        {
            var shown = arn.Joined.Length <= MaxShownLength ? arn.Joined : arn.Joined[..MaxShownLength];
            refused = ActionResult.Failed($"role: '{shown}' is not {Form}, in the function's own partition");
            return null;
        }

        var tags = new List<(string Key, string Value)>(SessionTags.Count);
        foreach (var (key, template) in SessionTags)
        {
            var value = template.Evaluate(context.Scope);
            if (value.Failure($"role.sessionTags.{key}") is { } missing)
            {
                refused = missing;
                return null;
            }

            tags.Add((key, Tagging.TagValue.MakeLegal(value.Joined)));
        }

        return new(arn.Joined, SessionName(context.Settings.FunctionName), externalId?.Joined, tags);
    }

    private static List<(string Key, ValueTemplate Value)> ReadTags(SettingReader settings) =>
        settings.Take("sessionTags") is { } list
        && settings.Expect(
            list,
            list.IsObject && list.Members.Length is > 0 and <= MaxTags,
            "sessionTags",
            "an object of 1 to 50 keys and values")
            ? settings.Templates(list, Tagging.TagValue.Refuse, ValueRule.NoEvent)
            : [];

    private static RoleSetting Checked(RoleSetting role, JsonNode node, Allow allow, JsonProblems problems)
    {
        if (role.ExternalId?.Literal is { } id && (id.Length is < 2 or > MaxExternalId || !SettingReader.IsMadeOf(id, "_+=,.@:/-")))
        {
            problems.Add(node, $"'externalId' takes 2 to {MaxExternalId} letters, digits and _ + = , . @ : / -, not \"{id}\"");
        }

        if (role.Arn.Literal is { } arn)
        {
            var account = Account(arn, out _);
            if (account.Length == 0)
            {
                problems.Add(node, $"'role' takes {Form}, not \"{arn}\"");
            }
            else if (!Allow.Permits(allow.Roles, arn))
            {
                problems.Add(node, $"allow.roles does not list {arn}");
            }

            if (role.ExternalId is null && NamePattern.Any(allow.Accounts, account))
            {
                problems.Add(node, $"a role in another account ({account}) needs 'externalId', which its trust policy asks for");
            }
        }
        else if (role.ExternalId is null)
        {
            problems.Add(node, "a role whose account an event names needs 'externalId', which its trust policy asks for");
        }

        return role;
    }

    /// <summary>The account of arn:PARTITION:iam::ACCOUNT:role/[PATH/]NAME; empty when the text is no such ARN.</summary>
    private static string Account(string arn, out string partition)
    {
        var parts = arn.Split(':');
        partition = parts.Length > 1 ? parts[1] : "";
        if (parts is not ["arn", _, "iam", "", { Length: 12 } account, { Length: > 5 } resource]
            || arn.Length > MaxArn
            || account.AsSpan().ContainsAnyExceptInRange('0', '9')
            || !resource.StartsWith("role/", StringComparison.Ordinal)
            || !SettingReader.IsMadeOf(resource, "/_+=,.@-"))
        {
            return "";
        }

        return account;
    }

    /// <summary>The name that CloudTrail shows in the role's account: 2 to 64 letters, digits and _+=,.@-</summary>
    private static string SessionName(string function)
    {
        var name = "fasttrigger-" + function;
        return name.Length <= MaxSessionName ? name : name[..MaxSessionName];
    }
}
