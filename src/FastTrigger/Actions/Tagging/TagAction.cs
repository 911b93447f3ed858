using FastTrigger.Aws.Ec2;
using FastTrigger.Events;
using FastTrigger.Telemetry;
using FastTrigger.Values;

namespace FastTrigger.Actions.Tagging;

/// <summary>Tags what an event created. Repeating it changes nothing, so it needs no act-once state (C4.5).</summary>
internal sealed class TagAction(TagSettings settings, Allow allow) : RouteAction
{
    /// <summary>CreateTags knows a new instance a little later than CloudTrail reports it.</summary>
    private const long NewForMs = 5 * 60_000;

    private const long OldAfterMs = 24 * 3_600_000;

    public TagSettings Settings => settings;

    public override string Name => "tag";

    public override byte[]? RehearsedAnswer =>
        settings.Reach.Role is null ? [.. "<Response><return>true</return></Response>"u8] : null;

    public override bool CanBatch => true;

    public static TagAction? Read(SettingReader settings, ActionScope scope) =>
        TagSettings.Read(settings, scope.Allow) is { } read ? new(read, scope.Allow) : null;

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

    public override BatchableCall? Prepare(ActionContext context) =>
        Plan(context, out _) is { Unattached.Count: 0, Resources.Count: <= Ec2Client.MaxResources } plan
            ? new BatchedTags(this, context, plan)
            : null;

    protected override IReadOnlyList<ActionCall> ListCalls() => TagCalls.List(settings, allow);

    /// <summary>Writes the tags that are missing, or all of them.</summary>
    /// <param name="isPatient">Whether a resource that is too new is waited for.</param>
    internal ActionResult Tag(ActionContext context, TagPlan plan, List<string> resources, bool isPatient)
    {
        var ec2 = new Ec2Client(context.Aws, plan.Scope.Region, plan.Scope.Credentials);
        var present = new List<TagDescription>();
        var keys = plan.Tags.ConvertAll(static tag => tag.Key);
        if (!settings.Overwrite && ec2.DescribeTags(resources, keys, present, context.Deadline) is { } failure)
        {
            return failure.Result("DescribeTags");
        }

        var groups = MissingTags.Group(resources, plan.Tags, present);
        if (groups.Count == 0)
        {
            return ActionResult.Skipped($"{TaggedText.Count(resources.Count)} already tagged with {string.Join(", ", keys)}");
        }

        return context.DryRun
            ? WouldTag(groups, plan.Tags)
            : new TagWriter(context, ec2, plan.IsNew, isPatient).Write(groups);
    }

    private static ActionResult WouldTag(List<TagGroup> groups, List<Tag> tags)
    {
        var resources = new List<string>();
        foreach (var group in groups)
        {
            resources.AddRange(group.Resources);
        }

        var values = tags.ConvertAll(static tag => $"{tag.Key}={tag.Value}");
        return ActionResult.Skipped($"dry run: would tag {IdText.Ids(resources)} with {string.Join(", ", values)}");
    }

    /// <summary>Prepares the tags up to the writing; null with the result when there is nothing to write.</summary>
    private TagPlan? Plan(ActionContext context, out ActionResult end)
    {
        if (CreatedResources.Read(context.Item.Event, out end) is not { } resources)
        {
            return null;
        }

        if (SkippedName(context.Item.Identity) is { } name)
        {
            end = ActionResult.Skipped($"made by {name}, which 'skip' lists");
            return null;
        }

        if (settings.Reach.Resolve(context, out end) is not { } scope)
        {
            return null;
        }

        var age = context.Item.TimeMs is { } time ? context.Settings.Clock.UnixMs - time : long.MaxValue;
        if (settings.Overwrite && !settings.Replay && age > OldAfterMs)
        {
            var why = age == long.MaxValue ? "has no time" : "is over 24 hours old";
            end = ActionResult.Failed($"the event {why}, and overwriting could put an old value back; \"replay\": true allows it");
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

    /// <summary>The name by which `skip` lists an identity; null when it does not.</summary>
    private string? SkippedName(Identity identity)
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

            tags.Add(new(key, MakeLegal(context, key, value.Joined)));
        }

        return null;
    }

    private static string MakeLegal(ActionContext context, string key, string value)
    {
        var legal = TagValue.MakeLegal(value);
        if (legal != value)
        {
            context.Log.Write(
                LogLevel.Warn,
                context.Invocation.RequestId,
                "a tag value was made legal",
                ("route", context.RouteName),
                ("key", key),
                ("original", value),
                ("value", legal));
        }

        return legal;
    }
}
