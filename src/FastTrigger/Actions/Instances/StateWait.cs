using FastTrigger.Aws.Ec2;

namespace FastTrigger.Actions.Instances;

/// <summary>`wait`: asks for the states of instances until all of them have the new one.</summary>
internal sealed class StateWait(ActionContext context, Ec2Client ec2, string target)
{
    private const int FirstDelayMs = 1_000, MaxDelayMs = 5_000, ReservedMs = 200;

    /// <summary>The state that instances do not leave.</summary>
    private const string Final = "terminated";

    /// <summary>Null when all have the state; else the result of the action.</summary>
    public ActionResult? Run(List<string> ids, WaitSetting wait)
    {
        var deadline = wait.Deadline(context);
        for (var delay = FirstDelayMs; ids.Count > 0; delay = Math.Min(delay * 2, MaxDelayMs))
        {
            var found = new List<InstanceDescription>();
            var failure = ec2.DescribeInstances([new("instance-id", ids)], [], found, deadline);
            if (failure is { MayPass: false })
            {
                return failure.Result("DescribeInstances");
            }

            var there = new HashSet<string>();
            var gone = new List<string>();
            foreach (var instance in found)
            {
                if (instance.State == target)
                {
                    there.Add(instance.InstanceId);
                }
                else if (instance.State == Final)
                {
                    gone.Add(instance.InstanceId);
                }
            }

            ids.RemoveAll(there.Contains);

            if (gone.Count > 0)
            {
                return ActionResult.Failed($"terminated meanwhile: {IdText.Ids(gone)}");
            }

            if (ids.Count > 0 && deadline.RemainingMs < delay + ReservedMs)
            {
                // The next delivery finds them on the way, and waits for the same.
                return ActionResult.Retry($"not {target} within the time for it: {IdText.Ids(ids)}") with
                {
                    TimeIsUp = context.Deadline.RemainingMs < ReservedMs,
                };
            }

            if (ids.Count > 0)
            {
                Thread.Sleep(delay);
            }
        }

        return null;
    }
}
