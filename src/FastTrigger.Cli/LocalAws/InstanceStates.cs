using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// StartInstances, StopInstances, RebootInstances and TerminateInstances
/// (docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html). EC2 refuses a call as a whole.
/// </summary>
internal sealed class InstanceStates(LocalWorld world)
{
    private static readonly string[] s_names = ["pending", "running", "shutting-down", "terminated", "stopping", "stopped"];

    private readonly Lock _lock = new();

    public string Start(List<LocalInstance> instances, JsonObject request) =>
        Change(instances, "started", ["stopped", "running", "pending"], "pending", "running");

    public string Stop(List<LocalInstance> instances, JsonObject request)
    {
        CheckProtection(instances, "stop", "stopped", "disableApiStop");
        if (request.IsTrue("Hibernate") && instances.Find(static instance => !instance.CanHibernate) is { } other)
        {
            throw new AwsError(400, "UnsupportedOperation", $"The instance '{other.Id}' was not launched with hibernation");
        }

        return Change(instances, "stopped", ["running", "stopping", "stopped"], "stopping", "stopped");
    }

    public string Terminate(List<LocalInstance> instances, JsonObject request)
    {
        CheckProtection(instances, "terminate", "terminated", "disableApiTermination");
        return Change(instances, "terminated", s_names, "shutting-down", "terminated");
    }

    public string Reboot(List<LocalInstance> instances, JsonObject request)
    {
        Check(instances, "rebooted", ["running"]);
        instances.ForEach(static instance => instance.Reboot());
        return "<return>true</return>";
    }

    /// <summary>A state with its code (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html).</summary>
    public static string Xml(string element, string state) =>
        $"<{element}><code>{Array.IndexOf(s_names, state) * 16}</code><name>{state}</name></{element}>";

    private string Change(List<LocalInstance> instances, string did, string[] from, string onTheWay, string target)
    {
        lock (_lock)
        {
            Check(instances, did, from);
            return $"<instancesSet>{string.Concat(instances.Select(Item))}</instancesSet>";
        }

        string Item(LocalInstance instance)
        {
            var before = instance.State(world.Now);
            if (before != onTheWay && before != target)
            {
                instance.Change(onTheWay, target, world.Now);
            }

            var after = before == target ? target : onTheWay;
            return $"<item><instanceId>{instance.Id}</instanceId>{Xml("currentState", after)}{Xml("previousState", before)}</item>";
        }
    }

    private void Check(List<LocalInstance> instances, string did, string[] from)
    {
        if (instances.Find(instance => !from.Contains(instance.State(world.Now))) is { } other)
        {
            var why = $"The instance '{other.Id}' is not in a state from which it can be {did}.";
            throw new AwsError(400, "IncorrectInstanceState", why);
        }
    }

    private static void CheckProtection(List<LocalInstance> instances, string operation, string did, string attribute)
    {
        if (instances.Find(instance => instance.Protected == operation) is { } other)
        {
            throw new AwsError(
                400,
                "OperationNotPermitted",
                $"The instance '{other.Id}' may not be {did}. Modify its '{attribute}' instance attribute and try again.");
        }
    }
}
