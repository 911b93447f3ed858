using FastTrigger.Aws;
using FastTrigger.Aws.Ec2;

namespace FastTrigger.Actions.Tagging;

/// <summary>Writes tags with as few CreateTags as possible, and waits for resources that EC2 does not know yet (C5.5).</summary>
/// <param name="isNew">Whether EC2 may not know the resources yet.</param>
/// <param name="isPatient">Whether a resource that is too new is waited for.</param>
internal sealed class TagWriter(ActionContext context, Ec2Client ec2, bool isNew, bool isPatient)
{
    private const int FirstDelayMs = 250, MaxDelayMs = 2_000;

    private readonly List<string> _tagged = [], _gone = [];

    public ActionResult Write(List<TagGroup> groups)
    {
        foreach (var group in groups)
        {
            var resources = group.Resources;
            for (var start = 0; start < resources.Count; start += Ec2Client.MaxResources)
            {
                var some = resources.GetRange(start, Math.Min(Ec2Client.MaxResources, resources.Count - start));
                if (WriteSome(group.Tags, some) is { } failed)
                {
                    return failed;
                }

                _tagged.AddRange(some);
            }
        }

        if (_tagged.Count == 0)
        {
            return ActionResult.Skipped($"gone before they could be tagged: {string.Join(", ", _gone)}");
        }

        var gone = _gone.Count == 0 ? "" : $"; skipped, because they are gone: {string.Join(", ", _gone)}";
        var keys = string.Join(", ", groups[0].Tags.ConvertAll(static tag => tag.Key));
        return ActionResult.Done($"{TaggedText.Count(_tagged.Count)} tagged with {keys}: {IdText.Ids(_tagged)}{gone}");
    }

    /// <summary>Makes one CreateTags. A resource that is not found is waited for while it is new, and left out when it is not.</summary>
    private ActionResult? WriteSome(List<Tag> tags, List<string> resources)
    {
        for (var delay = FirstDelayMs; ; delay *= 2)
        {
            if (ec2.CreateTags(resources, tags, context.Deadline) is not { } failure)
            {
                return null;
            }

            if (!failure.IsNotFound())
            {
                return failure.Result("CreateTags", resources);
            }

            if (!isNew)
            {
                if (!RemoveGone(resources, failure))
                {
                    return failure.Result("CreateTags", resources);
                }

                if (resources.Count == 0)
                {
                    return null;
                }
            }
            else if (!isPatient || delay > MaxDelayMs || context.Deadline.RemainingMs < delay * 2)
            {
                return ActionResult.Retry($"CreateTags: {failure.Reason}") with { BlamesTarget = true };
            }
            else
            {
                Thread.Sleep(delay);
            }
        }
    }

    /// <summary>AWS names the resources that are gone: "The instance IDs 'i-1, i-12' do not exist". False when it names none.</summary>
    private bool RemoveGone(List<string> resources, AwsFailure failure)
    {
        var named = NamedIds.In(failure.Message);
        _gone.AddRange(resources.FindAll(named.Contains));
        return resources.RemoveAll(named.Contains) > 0;
    }
}
