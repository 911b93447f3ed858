using FastTrigger.Aws;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions;

/// <summary>`region` and `role` of an action: where it calls AWS, as whom, and whether it may (C6.1). Decided before any host name is built.</summary>
/// <param name="Region">The action's own; null for the event's.</param>
internal sealed record AwsReach(string? Region, RoleSetting? Role)
{
    private const int AccountPart = 4;

    /// <summary>What else is called than the action's own services.</summary>
    public (string Service, string? Region)[] Endpoints => Role is null ? [] : [("sts", null)];

    /// <summary>A region is a name, because event text may not choose a host (C1.6).</summary>
    public static AwsReach Read(SettingReader settings, Allow allow)
    {
        var node = settings.Take("region");
        var region = node is not null && settings.Expect(node, Partition.Of(node.Text) is not null, "region", "the name of a region, such as \"eu-central-1\"") ? node.Text : null;
        return new(region, RoleSetting.Read(settings, allow));
    }

    /// <summary>With the role's credentials, when there is a role.</summary>
    /// <returns>Null with how the action ends, when it may not.</returns>
    public AwsScope? Resolve(ActionContext context, out ActionResult refused)
    {
        refused = default;
        var own = context.Settings.Region;
        var region = Region ?? context.Item.Region ?? context.Item.Event.Get("detail"u8).Text("awsRegion"u8) ?? own;
        var allowed = context.Allow.Regions.Count == 0 ? region == own : Allow.Permits(context.Allow.Regions, region);
        if (!allowed || Partition.Of(region) is not { } partition || partition != Partition.Of(own))
        {
            refused = ActionResult.Failed($"region '{region}' is not reached: {(allowed ? $"it is not in the partition of {own}" : "allow.regions does not list it")}");
            return null;
        }

        var account = Account(context.Invocation.FunctionArn);
        if (context.Item.Account is { } theirs && !account.SequenceEqual(theirs) && (Role is null || !NamePattern.Any(context.Allow.Accounts, theirs)))
        {
            refused = ActionResult.Failed($"the event is of account {theirs}, the function of {(account.IsEmpty ? "an account it was not told" : account)}: {(Role is null ? "the action names no 'role' to act there with" : "allow.accounts does not list it")}");
            return null;
        }

        return Role is null ? new(region, null) : Assume(context, Role, region, account, out refused);
    }

    private static AwsScope? Assume(ActionContext context, RoleSetting role, string region, ReadOnlySpan<char> own, out ActionResult refused)
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

        var isOwn = own.SequenceEqual(account);
        if (!isOwn && (request.ExternalId is null || !NamePattern.Any(context.Allow.Accounts, account)))
        {
            refused = ActionResult.Failed($"role: {request.RoleArn} is in another account, {(request.ExternalId is null ? "which needs 'externalId'" : "which allow.accounts does not list")}");
            return null;
        }

        if (context.Shared.Roles.Get(context.Aws, context.Settings.Clock, context.Settings.Region, request, context.Deadline, out var credentials) is { } failure)
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
