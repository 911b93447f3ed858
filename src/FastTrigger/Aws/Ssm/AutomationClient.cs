using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Aws.Ssm;

/// <summary>The request of StartAutomationExecution; null leaves a member to Systems Manager.</summary>
internal sealed class StartAutomationRequest
{
    public required string DocumentName { get; init; }

    public string? DocumentVersion { get; init; }

    public IReadOnlyList<(string Name, IReadOnlyList<string> Values)> Parameters { get; init; } = [];

    /// <summary>A UUID: two requests with the same one start one automation.</summary>
    public required string ClientToken { get; init; }

    /// <summary>The parameter that each target is put into.</summary>
    public string? TargetParameterName { get; init; }

    public IReadOnlyList<(string Key, IReadOnlyList<string> Values)> Targets { get; init; } = [];

    public string? MaxConcurrency { get; init; }

    public string? MaxErrors { get; init; }
}

/// <summary>An automation as GetAutomationExecution describes it.</summary>
internal sealed record AutomationExecution(string Status, string FailureMessage);

/// <summary>
/// The operations of AWS Systems Manager Automation that are used (docs.aws.amazon.com/systems-manager/latest/APIReference).
/// </summary>
internal sealed class AutomationClient(AwsCaller aws, string region, AwsCredentials? credentials = null)
    : JsonServiceClient(aws, region, credentials, "AmazonSSM.", AwsProtocol.Json11)
{
    public static class Operations
    {
        /// <summary>Its client token makes it safe to repeat.</summary>
        public static readonly AwsOperation StartAutomationExecution =
            new("ssm", nameof(StartAutomationExecution), WholeAnswer.Text("AutomationExecutionId"), Changes: true);

        public static readonly AwsOperation GetAutomationExecution =
            new("ssm", nameof(GetAutomationExecution), WholeAnswer.Object("AutomationExecution"));
    }

    /// <summary>Starts an automation, or finds the one that was started with the same token.</summary>
    public AwsFailure? StartAutomationExecution(StartAutomationRequest request, Deadline deadline, out string executionId)
    {
        Write(writer =>
        {
            writer.Member("DocumentName", request.DocumentName);
            WriteIfNotNull(writer, "DocumentVersion", request.DocumentVersion);
            SendCommandJson.WriteParameters(writer, request.Parameters);
            writer.Member("ClientToken", request.ClientToken);
            WriteIfNotNull(writer, "TargetParameterName", request.TargetParameterName);
            SendCommandJson.WriteTargets(writer, request.Targets);
            WriteIfNotNull(writer, "MaxConcurrency", request.MaxConcurrency);
            WriteIfNotNull(writer, "MaxErrors", request.MaxErrors);
        });
        executionId = "";
        if (Call(Operations.StartAutomationExecution, deadline, out var answer) is { } failure)
        {
            return failure;
        }

        executionId = answer.Text("AutomationExecutionId"u8) ?? "";
        return executionId.Length > 0
            ? null
            : new(AwsFailureKind.ServerFault, "", "the response names no AutomationExecutionId", Sent: true);
    }

    public AwsFailure? GetAutomationExecution(string executionId, Deadline deadline, out AutomationExecution? execution)
    {
        Write(writer => writer.Member("AutomationExecutionId", executionId));
        execution = null;
        if (Call(Operations.GetAutomationExecution, deadline, out var answer) is { } failure)
        {
            return failure;
        }

        var described = answer.Get("AutomationExecution"u8);
        execution = new(described.Text("AutomationExecutionStatus"u8) ?? "", described.Text("FailureMessage"u8) ?? "");
        return null;
    }
}
