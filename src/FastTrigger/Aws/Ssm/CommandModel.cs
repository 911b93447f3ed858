namespace FastTrigger.Aws.Ssm;

/// <summary>A command as ListCommands describes it.</summary>
internal sealed class CommandSummary(
    string commandId,
    string status,
    string statusDetails,
    string comment,
    int targetCount,
    int completedCount)
{
    public string CommandId { get; } = commandId;

    public string Status { get; } = status;

    public string StatusDetails { get; } = statusDetails;

    public string Comment { get; } = comment;

    public int TargetCount { get; } = targetCount;

    public int CompletedCount { get; } = completedCount;
}

/// <summary>A command on one server as ListCommandInvocations describes it.</summary>
/// <param name="exitCode">Null until there is one.</param>
/// <param name="output">The output of the document's steps, which Systems Manager cuts to its first 2,500 characters.</param>
internal sealed class CommandInvocation(string instanceId, string status, string statusDetails, int? exitCode, string output)
{
    public string InstanceId { get; } = instanceId;

    public string Status { get; } = status;

    public string StatusDetails { get; } = statusDetails;

    public int? ExitCode { get; } = exitCode;

    public string Output { get; } = output;
}

/// <summary>A server's agent as DescribeInstanceInformation describes it.</summary>
/// <param name="pingStatus">Online, ConnectionLost or Inactive.</param>
internal sealed class InstanceInformation(string instanceId, string pingStatus)
{
    public string InstanceId { get; } = instanceId;

    public string PingStatus { get; } = pingStatus;
}
