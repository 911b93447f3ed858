using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Aws.Ssm;

/// <summary>What StartAutomationExecution is asked for; null is left to Systems Manager.</summary>
internal sealed record StartAutomationRequest
{
    public required string DocumentName { get; init; }

    public string? DocumentVersion { get; init; }

    public IReadOnlyList<(string Name, IReadOnlyList<string> Values)> Parameters { get; init; } = [];

    /// <summary>A UUID: what is asked for twice with the same one is done once.</summary>
    public required string ClientToken { get; init; }

    /// <summary>The parameter that each target is put into.</summary>
    public string? TargetParameterName { get; init; }

    public IReadOnlyList<(string Key, IReadOnlyList<string> Values)> Targets { get; init; } = [];

    public string? MaxConcurrency { get; init; }

    public string? MaxErrors { get; init; }
}

/// <summary>An automation as GetAutomationExecution shows it.</summary>
internal sealed record AutomationExecution(string Status, string FailureMessage);

/// <summary>The operations of AWS Systems Manager Automation that are used (docs.aws.amazon.com/systems-manager/latest/APIReference).</summary>
internal sealed class AutomationClient(AwsClient client, string region, AwsCredentials? credentials = null) : JsonServiceClient(client, region, credentials, "ssm", "AmazonSSM.", AwsProtocol.Json11)
{
    /// <summary>Starts an automation, or finds the one that was started with the same token: its client token makes it safe to ask again.</summary>
    public AwsFailure? StartAutomationExecution(StartAutomationRequest request, Deadline deadline, out string executionId)
    {
        Write(writer =>
        {
            writer.Member("DocumentName", request.DocumentName);
            WriteGiven(writer, "DocumentVersion", request.DocumentVersion);
            SsmClient.WriteParameters(writer, request.Parameters);
            writer.Member("ClientToken", request.ClientToken);
            WriteGiven(writer, "TargetParameterName", request.TargetParameterName);
            SsmClient.WriteTargets(writer, request.Targets);
            WriteGiven(writer, "MaxConcurrency", request.MaxConcurrency);
            WriteGiven(writer, "MaxErrors", request.MaxErrors);
        });
        executionId = "";
        if (Call("StartAutomationExecution", idempotent: true, deadline, out var answer) is { } failure)
        {
            return failure;
        }

        executionId = answer.Text("AutomationExecutionId"u8) ?? "";
        return executionId.Length > 0 ? null : new(AwsFailureKind.ServerFault, "", "the answer names no AutomationExecutionId", Sent: true);
    }

    public AwsFailure? GetAutomationExecution(string executionId, Deadline deadline, out AutomationExecution? execution)
    {
        Write(writer => writer.Member("AutomationExecutionId", executionId));
        execution = null;
        if (Call("GetAutomationExecution", idempotent: true, deadline, out var answer) is { } failure)
        {
            return failure;
        }

        var described = answer.Get("AutomationExecution"u8);
        execution = new(described.Text("AutomationExecutionStatus"u8) ?? "", described.Text("FailureMessage"u8) ?? "");
        return null;
    }
}
