using FastTrigger.Aws;
using FastTrigger.Aws.Ec2;
using FastTrigger.Core;
using FastTrigger.Events;
using FastTrigger.Telemetry;
using FastTrigger.Values;

namespace FastTrigger.Actions.Tagging;

/// <summary>Tags what an event created. Doing it twice changes nothing, so it needs no act-once state (C4.5).</summary>
internal sealed class TagAction(TagSettings settings) : RouteAction
{
    /// <summary>CreateTags knows a new instance a little later than CloudTrail tells of it.</summary>
    private const long NewForMs = 5 * 60_000;

    private const long OldAfterMs = 24 * 3_600_000;

    public TagSettings Settings => settings;

    public override string Name => "tag";

    public override (string Service, string? Region)[] Endpoints => [("ec2", settings.Reach.Region), .. settings.Reach.Endpoints];

    public override byte[]? RehearsedAnswer => settings.Reach.Role is null ? [.. "<Response><return>true</return></Response>"u8] : null;

    public static TagAction? Read(SettingReader settings, ActionScope scope) => TagSettings.Read(settings, scope.Allow) is { } read ? new(read) : null;

    public override bool CanShare => true;

    public override ActionResult Run(ActionContext context)
    {
        if (Plan(context, out var end) is not { } plan)
        {
            return end;
        }

        var result = Tag(context, plan, plan.Resources, isPatient: true);
        return plan.Unattached.Count > 0 && result.Outcome is Outcome.Done or Outcome.Skipped
            ? ActionResult.Retry($"{result.Detail}; the volumes of {string.Join(", ", plan.Unattached)} are not attached yet")
            : result;
    }

    public override ShareableCall? Prepare(ActionContext context) =>
        Plan(context, out _) is { Unattached.Count: 0, Resources.Count: <= Ec2Client.MostResources } plan ? new SharedTags(this, context, plan) : null;

    /// <summary>Writes the tags that are missing, or all of them.</summary>
    /// <param name="isPatient">Whether a resource that is too new is waited for.</param>
    internal ActionResult Tag(ActionContext context, TagPlan plan, List<string> resources, bool isPatient)
    {
        var ec2 = new Ec2Client(context.Aws, plan.Scope.Region, plan.Scope.Credentials);
        var groups = new List<(List<Tag> Tags, List<string> Resources)>();
        if (settings.Overwrite)
        {
            groups.Add((plan.Tags, resources));
        }
        else if (GroupMissing(ec2, resources, plan.Tags, groups, context.Deadline) is { } failed)
        {
            return failed.Result("DescribeTags");
        }

        if (context.DryRun && groups.Count > 0)
        {
            return ActionResult.Skipped($"dry run: would tag {Shown(Flat(groups))} with {string.Join(", ", plan.Tags.ConvertAll(static tag => $"{tag.Key}={tag.Value}"))}");
        }

        return groups.Count == 0 ? ActionResult.Skipped($"{Counted(resources.Count)} already tagged with {Keys(plan.Tags)}") : Write(context, ec2, groups, plan.IsNew, isPatient);
    }

    /// <summary>Everything that can be known before a tag is written; null with how the action ends when there is nothing to write.</summary>
    private TagPlan? Plan(ActionContext context, out ActionResult end)
    {
        if (CreatedResources.Read(context.Item.Event, out end) is not { } resources)
        {
            return null;
        }

        if (Skips(context.Item.Identity) is { } who)
        {
            end = ActionResult.Skipped($"made by {who}, whom 'skip' lists");
            return null;
        }

        if (settings.Reach.Resolve(context, out end) is not { } scope)
        {
            return null;
        }

        var age = context.Item.TimeMs is { } time ? context.Settings.Clock.UnixMs - time : long.MaxValue;
        if (settings.Overwrite && !settings.Replay && age > OldAfterMs)
        {
            end = ActionResult.Failed($"the event {(age == long.MaxValue ? "has no time" : "is over 24 hours old")}, and overwriting could put an old value back; \"replay\": true allows it");
            return null;
        }

        if (Evaluate(context, scope, resources, out var tags) is { } failure)
        {
            end = failure;
            return null;
        }

        var isNew = age < NewForMs;
        var volumes = new LaunchedVolumes(context, new(context.Aws, scope.Region, scope.Credentials));
        if (settings.Volumes && volumes.AddTo(resources, isNew) is { } unseen)
        {
            end = unseen.Result("DescribeInstances");
            return null;
        }

        return new(scope, tags, resources, isNew, volumes.Missing);
    }

    /// <summary>The name by which somebody is in the list of those whose resources are left alone; null for the others.</summary>
    private string? Skips(Identity identity)
    {
        foreach (var name in (ReadOnlySpan<string?>)[identity.Owner, identity.Role, identity.Principal, identity.UserId])
        {
            if (name is not null && NamePattern.Any(settings.Skip, name))
            {
                return name;
            }
        }

        return null;
    }

    private static string Counted(int count) => count == 1 ? "1 resource" : $"{count} resources";

    private static string Keys(List<Tag> tags) => string.Join(", ", tags.ConvertAll(static tag => tag.Key));

    private ActionResult? Evaluate(ActionContext context, AwsScope scope, List<string> resources, out List<Tag> tags)
    {
        tags = new(settings.Tags.Count);
        foreach (var (key, template) in settings.Tags)
        {
            var value = template.Evaluate(context.Scope with { Owner = settings.Owner });
            if (value.Kind == ValueKind.Nobody && settings.Inherits && context.Item.Identity.IsAutoScaling)
            {
                if (new GroupOwner(context, scope, resources).Inherit(key, out var unknown) is not { } inherited)
                {
                    return unknown!.Result("DescribeTags of the Auto Scaling group");
                }

                value = ValueResult.Of(inherited);
            }

            if (value.Kind == ValueKind.Nobody)
            {
                return ActionResult.Skipped(value.Text);
            }

            if (value.Failure($"tags.{key}") is { } failure)
            {
                return failure;
            }

            var legal = TagValue.MakeLegal(value.Joined);
            if (legal != value.Joined)
            {
                context.Log.Write(LogLevel.Warn, context.Invocation.RequestId, "a tag value was made legal", ("route", context.RouteName), ("key", key), ("original", value.Joined), ("value", legal));
            }

            tags.Add(new(key, legal));
        }

        return null;
    }

    /// <summary>Resources that lack the same keys share one CreateTags.</summary>
    private static AwsFailure? GroupMissing(Ec2Client ec2, List<string> resources, List<Tag> tags, List<(List<Tag> Tags, List<string> Resources)> groups, Deadline deadline)
    {
        var present = new List<TagDescription>();
        if (ec2.DescribeTags(resources, tags.ConvertAll(static tag => tag.Key), present, deadline) is { } failure)
        {
            return failure;
        }

        foreach (var resource in resources)
        {
            var missing = present.Count == 0 ? tags : tags.FindAll(tag => !present.Exists(known => known.ResourceId == resource && known.Key == tag.Key));
            if (missing.Count == 0)
            {
                continue;
            }

            var group = groups.FindIndex(known => known.Tags.Count == missing.Count && known.Tags.TrueForAll(missing.Contains));
            if (group < 0)
            {
                groups.Add((missing, [resource]));
            }
            else
            {
                groups[group].Resources.Add(resource);
            }
        }

        return null;
    }

    private static ActionResult Write(ActionContext context, Ec2Client ec2, List<(List<Tag> Tags, List<string> Resources)> groups, bool isNew, bool isPatient)
    {
        var tagged = new List<string>();
        var missing = new List<string>();
        foreach (var (tags, resources) in groups)
        {
            for (var start = 0; start < resources.Count; start += Ec2Client.MostResources)
            {
                var some = resources.GetRange(start, Math.Min(Ec2Client.MostResources, resources.Count - start));
                if (WriteOnce(context, ec2, tags, some, missing, isNew, isPatient) is { } failure)
                {
                    return failure.IsNotFound() && isNew ? ActionResult.Retry($"CreateTags: {failure.Reason}") : failure.Result("CreateTags");
                }

                tagged.AddRange(some);
            }
        }

        if (tagged.Count == 0)
        {
            return ActionResult.Skipped($"gone before they could be tagged: {string.Join(", ", missing)}");
        }

        var gone = missing.Count == 0 ? "" : $"; skipped, because they are gone: {string.Join(", ", missing)}";
        return ActionResult.Done($"{Counted(tagged.Count)} tagged with {Keys(groups[0].Tags)}: {Shown(tagged)}{gone}");
    }

    /// <summary>One CreateTags. A resource that is not found is waited for while it is new, and left out when it is not (C5.5).</summary>
    private static AwsFailure? WriteOnce(ActionContext context, Ec2Client ec2, List<Tag> tags, List<string> resources, List<string> missing, bool isNew, bool isPatient)
    {
        for (var delay = 250; ; delay *= 2)
        {
            var failure = ec2.CreateTags(resources, (IReadOnlyList<Aws.Ec2.Tag>)tags, context.Deadline);
            if (failure is null || !failure.IsNotFound())
            {
                return failure;
            }

            if (isNew)
            {
                if (!isPatient || delay > 2_000 || context.Deadline.RemainingMs < delay * 2)
                {
                    return failure;
                }

                Thread.Sleep(delay);
                continue;
            }

            // AWS names them: "The instance IDs 'i-1, i-2' do not exist".
            var gone = resources.FindAll(id => failure.Message.Contains(id, StringComparison.Ordinal));
            if (gone.Count == 0)
            {
                return failure;
            }

            missing.AddRange(gone);
            resources.RemoveAll(gone.Contains);
            if (resources.Count == 0)
            {
                return null;
            }
        }
    }

    private static List<string> Flat(List<(List<Tag> Tags, List<string> Resources)> groups)
    {
        var all = new List<string>();
        foreach (var (_, resources) in groups)
        {
            all.AddRange(resources);
        }

        return all;
    }

    private static string Shown(List<string> ids) => ids.Count <= 10 ? string.Join(", ", ids) : string.Join(", ", ids.GetRange(0, 10)) + $" and {ids.Count - 10} more";
}
