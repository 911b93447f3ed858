namespace FastTrigger.Aws.Ssm;

/// <summary>A command as ListCommands describes it.</summary>
internal sealed record CommandSummary(
    string CommandId,
    string Status,
    string StatusDetails,
    string Comment,
    int TargetCount,
    int CompletedCount);

/// <summary>A command on one server as ListCommandInvocations describes it.</summary>
/// <param name="ExitCode">Null until there is one.</param>
/// <param name="Output">The output of the document's steps, which Systems Manager cuts to its first 2,500 characters.</param>
internal sealed record CommandInvocation(string InstanceId, string Status, string StatusDetails, int? ExitCode, string Output);

/// <summary>A server's agent as DescribeInstanceInformation describes it.</summary>
/// <param name="PingStatus">Online, ConnectionLost or Inactive.</param>
internal sealed record InstanceInformation(string InstanceId, string PingStatus);
