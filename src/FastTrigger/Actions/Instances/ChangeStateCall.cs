namespace FastTrigger.Actions.Instances;

/// <summary>The call that changes the state. It is authorized for each instance, and so the policy names them by their tags.</summary>
internal sealed class ChangeStateCall(StateChange change, InstanceSettings settings, Allow allow)
    : ActionCall(change.Operation, $"{change.Verb}s the instances")
{
    public override IReadOnlyList<CallPermission> Permissions => TaggedInstances.Permissions(
        InstanceFilters.LiteralTags(settings.Filters.All), allow, With, "its instances are named by the event or by what is no tag");

    /// <summary>Instances that have all of these tags, and none that is skipped.</summary>
    private CallPermission With(List<(string Key, IReadOnlyList<string> Values)> tags)
    {
        var name = Operation.Name + string.Concat(tags.ConvertAll(static tag => tag.Key + string.Concat(tag.Values)));
        var conditions = tags.ConvertAll(static tag => new CallCondition("StringLike", $"ec2:ResourceTag/{tag.Key}", tag.Values));
        foreach (var (key, values) in settings.Skip)
        {
            conditions.Add(new("StringNotLike", $"ec2:ResourceTag/{key}", values));
        }

        return new(name, $"{change.Verb}s the instances with these tags", [CallResource.Own("ec2", "instance/*")])
        {
            Conditions = conditions,
        };
    }
}
