using FastTrigger.Aws;
using FastTrigger.Aws.Ec2;

namespace FastTrigger.Actions.Instances;

/// <summary>
/// What an action does to the state of instances
/// (docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html).
/// </summary>
/// <param name="verb">What it does: stop.</param>
/// <param name="doing">The same while EC2 does it: stopping.</param>
/// <param name="did">The same afterwards: stopped.</param>
/// <param name="from">The states from which EC2 does it.</param>
/// <param name="onTheWay">The state while EC2 does it; null for none.</param>
/// <param name="target">The state afterwards; null when it is the same.</param>
/// <param name="before">The state after which EC2 can do it; null for none.</param>
internal sealed class StateChange(
    AwsOperation operation, string verb, string doing, string did, string[] from, string? onTheWay, string? target, string? before)
{
    public static readonly StateChange Start = new(
        Ec2Client.Operations.StartInstances, "start", "starting", "started", ["stopped"], "pending", "running", "stopping");

    public static readonly StateChange Stop = new(
        Ec2Client.Operations.StopInstances, "stop", "stopping", "stopped", ["running"], "stopping", "stopped", "pending");

    public static readonly StateChange Reboot = new(
        Ec2Client.Operations.RebootInstances, "reboot", "rebooting", "rebooted", ["running"], null, null, "pending");

    public static readonly StateChange Terminate = new(
        Ec2Client.Operations.TerminateInstances,
        "terminate",
        "terminating",
        "terminated",
        ["pending", "running", "stopping", "stopped"],
        "shutting-down",
        "terminated",
        null);

    public AwsOperation Operation => operation;

    public string Verb => verb;

    public string Doing => doing;

    public string Did => did;

    public string[] From => from;

    public string? OnTheWay => onTheWay;

    public string? Target => target;

    public string? Before => before;

    /// <summary>The action's name in routes.json: stop-instances.</summary>
    public string Action => verb + "-instances";
}
