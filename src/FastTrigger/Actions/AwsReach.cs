using FastTrigger.Aws;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions;

/// <summary>In which region an action calls AWS, and whether it may (C6.1). Decided before any host name is built.</summary>
internal static class AwsReach
{
    private const int AccountPart = 4;

    /// <summary>The action's own `region`: a name, because event text may not choose a host (C1.6).</summary>
    public static string? Read(SettingReader settings)
    {
        var node = settings.Take("region");
        return node is not null && settings.Expect(node, Partition.Of(node.Text) is not null, "region", "the name of a region, such as \"eu-central-1\"") ? node.Text : null;
    }

    /// <param name="configured">The action's own `region`; null for the event's.</param>
    /// <returns>Null with how the action ends, when it may not.</returns>
    public static string? Region(ActionContext context, string? configured, out ActionResult refused)
    {
        refused = default;
        var own = context.Settings.Region;
        var region = configured ?? context.Item.Region ?? context.Item.Event.Get("detail"u8).Text("awsRegion"u8) ?? own;
        var allowed = context.Allow.Regions.Count == 0 ? region == own : Allow.Permits(context.Allow.Regions, region);
        if (!allowed || Partition.Of(region) is not { } partition || partition != Partition.Of(own))
        {
            refused = ActionResult.Failed($"region '{region}' is not reached: {(allowed ? $"it is not in the partition of {own}" : "allow.regions does not list it")}");
            return null;
        }

        var account = Account(context.Invocation.FunctionArn);
        if (context.Item.Account is { } theirs && !account.SequenceEqual(theirs))
        {
            refused = ActionResult.Failed($"the event is of account {theirs}, the function of {(account.IsEmpty ? "an account it was not told" : account)}: acting in other accounts is not carried out by this version");
            return null;
        }

        return region;
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
