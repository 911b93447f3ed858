using FastTrigger.Aws;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions;

/// <summary>
/// `region` and `role` of an action: where it calls AWS, with whose credentials, and whether it may (C6.1). This is decided before a host
/// name is made of the region.
/// </summary>
/// <param name="Region">The action's own region; null for the event's.</param>
internal sealed record AwsReach(string? Region, RoleSetting? Role)
{
    private const int AccountPart = 4;

    private static readonly AwsReach s_own = new(null, null);

    /// <summary>The calls of an action in its region, with the one that assumes its role.</summary>
    public IReadOnlyList<ActionCall> Complete(List<ActionCall> calls, Allow allow)
    {
        for (var i = 0; Region is not null && i < calls.Count; i++)
        {
            calls[i] = calls[i].FollowsEvent ? calls[i].In(Region) : calls[i];
        }

        if (Role is not null)
        {
            calls.Add(new AssumeRoleCall(Role, allow));
        }

        return calls;
    }

    /// <summary>A region is a name, because event text may not choose a host (C1.6).</summary>
    public static AwsReach Read(SettingReader settings, Allow allow)
    {
        var region = settings.Matching("region", "the name of a region, such as \"eu-central-1\"", IsRegion);
        var role = RoleSetting.Read(settings, allow);
        return region is not null || role is not null ? new(region, role) : s_own;
    }

    /// <summary>Whether a text has the form of a region's name in a known partition.</summary>
    public static bool IsRegion(string text) => Partition.Of(text) is not null;

    /// <summary>The region and the credentials of the calls for this item.</summary>
    /// <returns>Null with the result of the action, when it may not make them.</returns>
    public AwsScope? Resolve(ActionContext context, out ActionResult refused)
    {
        refused = default;
        var own = context.Settings.Region;
        var region = Region ?? context.Item.Region ?? context.Item.Event.Get("detail"u8).Text("awsRegion"u8) ?? own;
        var allowed = context.Allow.Regions.Count == 0 ? region == own : Allow.Permits(context.Allow.Regions, region);
        if (!allowed || Partition.Of(region) is not { } partition || partition != Partition.Of(own))
        {
            var why = allowed ? $"it is not in the partition of {own}" : "allow.regions does not list it";
            refused = ActionResult.Failed($"region '{region}' is not reached: {why}");
            return null;
        }

        var account = Account(context.Invocation.FunctionArn);
        if (context.Item.Account is { } other
            && !account.SequenceEqual(other)
            && (Role is null || !NamePattern.Any(context.Allow.Accounts, other)))
        {
            var function = account.IsEmpty ? "an unknown account" : account.ToString();
            var why = Role is null ? "the action names no 'role' to act there with" : "allow.accounts does not list it";
            refused = ActionResult.Failed($"the event is of account {other}, the function of {function}: {why}");
            return null;
        }

        return Role is null ? new(region, null) : Assume(context, Role, region, account, out refused);
    }

    private static AwsScope? Assume(
        ActionContext context,
        RoleSetting role,
        string region,
        ReadOnlySpan<char> ownAccount,
        out ActionResult refused)
    {
        if (role.Evaluate(context, out var account, out refused) is not { } request)
        {
            return null;
        }

        if (!Allow.Permits(context.Allow.Roles, request.RoleArn))
        {
            refused = ActionResult.Failed($"role: allow.roles does not list {request.RoleArn}");
            return null;
        }

        var isOwn = ownAccount.SequenceEqual(account);
        if (!isOwn && (request.ExternalId is null || !NamePattern.Any(context.Allow.Accounts, account)))
        {
            var why = request.ExternalId is null ? "which needs 'externalId'" : "which allow.accounts does not list";
            refused = ActionResult.Failed($"role: {request.RoleArn} is in another account, {why}");
            return null;
        }

        var (clock, own) = (context.Settings.Clock, context.Settings.Region);
        if (context.Shared.Roles.Get(context.Aws, clock, own, request, context.Deadline, out var credentials) is { } failure)
        {
            refused = failure.Result($"AssumeRole {request.RoleArn}");
            return null;
        }

        return new(region, credentials);
    }

    /// <summary>arn:aws:lambda:REGION:ACCOUNT:function:NAME</summary>
    private static ReadOnlySpan<char> Account(string? arn)
    {
        var rest = arn.AsSpan();
        for (var i = 0; i < AccountPart && !rest.IsEmpty; i++)
        {
            var colon = rest.IndexOf(':');
            rest = colon < 0 ? [] : rest[(colon + 1)..];
        }

        var end = rest.IndexOf(':');
        return end < 0 ? rest : rest[..end];
    }
}
