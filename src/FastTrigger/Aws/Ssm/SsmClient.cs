using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Aws.Ssm;

/// <summary>A command as ListCommands shows it.</summary>
internal sealed record CommandSummary(string CommandId, string Status, string StatusDetails, string Comment, int TargetCount, int CompletedCount);

/// <summary>A command on one server as ListCommandInvocations shows it.</summary>
/// <param name="ExitCode">Null until there is one.</param>
/// <param name="Output">What the documents' steps wrote, cut by Systems Manager to its first 2,500 characters.</param>
internal sealed record CommandInvocation(string InstanceId, string Status, string StatusDetails, int? ExitCode, string Output);

/// <summary>A server's agent as DescribeInstanceInformation shows it.</summary>
/// <param name="PingStatus">Online, ConnectionLost or Inactive.</param>
internal sealed record InstanceInformation(string InstanceId, string PingStatus);

/// <summary>The operations of AWS Systems Manager Run Command that are used (docs.aws.amazon.com/systems-manager/latest/APIReference).</summary>
internal sealed class SsmClient(AwsClient client, string region, AwsCredentials? credentials = null) : JsonServiceClient(client, region, credentials, "ssm", "AmazonSSM.", AwsProtocol.Json11)
{
    /// <summary>SendCommand takes this many instance ids.</summary>
    public const int MostInstanceIds = 50;

    /// <summary>Sends a command; the id is empty when that failed. Never repeated when it may have been accepted (C5.1).</summary>
    public AwsFailure? SendCommand(SendCommandRequest request, Deadline deadline, out string commandId)
    {
        Write(writer => Write(writer, request));
        commandId = "";
        if (Call("SendCommand", idempotent: false, deadline, out var answer) is { } failure)
        {
            return failure;
        }

        commandId = answer.Get("Command"u8).Text("CommandId"u8) ?? "";
        return commandId.Length > 0 ? null : new(AwsFailureKind.ServerFault, "", "the answer names no CommandId", Sent: true);
    }

    /// <summary>All that a request says.</summary>
    public static string Text(SendCommandRequest request)
    {
        var text = new ByteBuffer(1024);
        var json = new JsonBuilder(text).BeginObject();
        Write(json, request);
        json.EndObject();
        return text.ToString();
    }

    /// <summary>Ends a command where it has not ended yet. Doing it twice changes nothing.</summary>
    public AwsFailure? CancelCommand(string commandId, Deadline deadline)
    {
        Write(writer => writer.Member("CommandId", commandId));
        return Call("CancelCommand", idempotent: true, deadline, out _);
    }

    /// <summary>The command of that id; nothing when it is not shown yet.</summary>
    public AwsFailure? ListCommands(string commandId, List<CommandSummary> found, Deadline deadline) =>
        ListCommands(commandId, null, null, found, deadline);

    /// <summary>Commands sent with a document since a moment.</summary>
    public AwsFailure? ListCommands(string documentName, long invokedAfterMs, List<CommandSummary> found, Deadline deadline) =>
        ListCommands(null, documentName, new ByteBuffer(32).AppendIso(invokedAfterMs / 1000 * 1000).ToString().Replace(".000Z", "Z", StringComparison.Ordinal), found, deadline);

    /// <summary>What became of a command on each server, with its output.</summary>
    public AwsFailure? ListCommandInvocations(string commandId, List<CommandInvocation> found, Deadline deadline) => Pages(
        "ListCommandInvocations",
        writer => writer.Member("CommandId", commandId).Name("Details").Boolean(true),
        "CommandInvocations",
        invocation => found.Add(Read(invocation)),
        deadline);

    /// <summary>The agents of up to 50 servers; one that never registered is not shown.</summary>
    public AwsFailure? DescribeInstanceInformation(IReadOnlyList<string> instanceIds, List<InstanceInformation> found, Deadline deadline) => Pages(
        "DescribeInstanceInformation",
        writer =>
        {
            writer.Name("Filters").BeginArray().BeginObject().Member("Key", "InstanceIds");
            WriteList(writer, "Values", instanceIds);
            writer.EndObject().EndArray().Member("MaxResults", MostInstanceIds);
        },
        "InstanceInformationList",
        instance => found.Add(new(instance.Text("InstanceId"u8) ?? "", instance.Text("PingStatus"u8) ?? "")),
        deadline);

    private AwsFailure? ListCommands(string? commandId, string? documentName, string? invokedAfter, List<CommandSummary> found, Deadline deadline) => Pages(
        "ListCommands",
        writer =>
        {
            WriteGiven(writer, "CommandId", commandId);
            if (documentName is not null)
            {
                writer.Name("Filters").BeginArray();
                WriteFilter(writer, "InvokedAfter", invokedAfter!);
                WriteFilter(writer, "DocumentName", documentName);
                writer.EndArray();
            }
        },
        "Commands",
        command => found.Add(new(
            command.Text("CommandId"u8) ?? "",
            command.Text("Status"u8) ?? "",
            command.Text("StatusDetails"u8) ?? "",
            command.Text("Comment"u8) ?? "",
            Number(command.Get("TargetCount"u8)),
            Number(command.Get("CompletedCount"u8)))),
        deadline);

    private AwsFailure? Pages(string operation, Action<JsonBuilder> members, string list, Action<JsonElement> take, Deadline deadline)
    {
        string? token = null;
        for (var page = 0; page < MostPages; page++)
        {
            Write(writer =>
            {
                members(writer);
                WriteGiven(writer, "NextToken", token);
            });
            if (Call(operation, idempotent: true, deadline, out var answer) is { } failure)
            {
                return failure;
            }

            if (answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(list, out var entries) && entries.ValueKind == JsonValueKind.Array)
            {
                foreach (var entry in entries.EnumerateArray())
                {
                    take(entry);
                }
            }

            token = answer.Text("NextToken"u8);
            if (token is null)
            {
                break;
            }
        }

        return null;
    }

    /// <summary>The last step that ran is the one whose exit code counts; the output of all of them is shown.</summary>
    private static CommandInvocation Read(JsonElement invocation)
    {
        int? exitCode = null;
        var output = "";
        var plugins = invocation.Get("CommandPlugins"u8);
        if (plugins.ValueKind == JsonValueKind.Array)
        {
            foreach (var plugin in plugins.EnumerateArray())
            {
                var code = plugin.Get("ResponseCode"u8);
                exitCode = code.ValueKind == JsonValueKind.Number ? Number(code) : exitCode;
                output += plugin.Text("Output"u8) ?? "";
            }
        }

        return new(invocation.Text("InstanceId"u8) ?? "", invocation.Text("Status"u8) ?? "", invocation.Text("StatusDetails"u8) ?? "", exitCode, output);
    }

    private static void Write(JsonBuilder writer, SendCommandRequest request)
    {
        writer.Member("DocumentName", request.DocumentName);
        WriteGiven(writer, "DocumentVersion", request.DocumentVersion);
        if (request.DocumentHash is { } hash)
        {
            writer.Member("DocumentHash", hash).Member("DocumentHashType", "Sha256");
        }

        WriteList(writer, "InstanceIds", request.InstanceIds);
        WriteTargets(writer, request.Targets);
        WriteParameters(writer, request.Parameters);
        WriteGiven(writer, "Comment", request.Comment);
        WriteGiven(writer, "MaxConcurrency", request.MaxConcurrency);
        WriteGiven(writer, "MaxErrors", request.MaxErrors);
        if (request.DeliveryTimeoutSeconds is { } seconds)
        {
            writer.Member("TimeoutSeconds", seconds);
        }

        WriteGiven(writer, "OutputS3BucketName", request.OutputS3BucketName);
        WriteGiven(writer, "OutputS3KeyPrefix", request.OutputS3KeyPrefix);
        WriteGiven(writer, "ServiceRoleArn", request.ServiceRoleArn);
        if (request.CloudWatchLogGroup is { } group)
        {
            writer.Name("CloudWatchOutputConfig").BeginObject().Name("CloudWatchOutputEnabled").Boolean(true);
            WriteGiven(writer, "CloudWatchLogGroupName", group.Length > 0 ? group : null);
            writer.EndObject();
        }

        if (request.Notification is { } notification)
        {
            writer.Name("NotificationConfig").BeginObject().Member("NotificationArn", notification.Arn);
            WriteList(writer, "NotificationEvents", notification.Events);
            WriteGiven(writer, "NotificationType", notification.Type);
            writer.EndObject();
        }

        if (request.Alarm is { } alarm)
        {
            writer.Name("AlarmConfiguration").BeginObject().Name("IgnorePollAlarmFailure").Boolean(alarm.IgnorePollFailure)
                .Name("Alarms").BeginArray().BeginObject().Member("Name", alarm.Name).EndObject().EndArray().EndObject();
        }
    }

    internal static void WriteTargets(JsonBuilder writer, IReadOnlyList<(string Key, IReadOnlyList<string> Values)> targets)
    {
        if (targets.Count == 0)
        {
            return;
        }

        writer.Name("Targets").BeginArray();
        foreach (var (key, values) in targets)
        {
            writer.BeginObject().Member("Key", key);
            WriteList(writer, "Values", values);
            writer.EndObject();
        }

        writer.EndArray();
    }

    internal static void WriteParameters(JsonBuilder writer, IReadOnlyList<(string Name, IReadOnlyList<string> Values)> parameters)
    {
        if (parameters.Count == 0)
        {
            return;
        }

        writer.Name("Parameters").BeginObject();
        foreach (var (name, values) in parameters)
        {
            WriteList(writer, name, values);
        }

        writer.EndObject();
    }

    /// <summary>ListCommands is the operation whose filters are written in lower case.</summary>
    private static void WriteFilter(JsonBuilder writer, string key, string value) => writer.BeginObject().Member("key", key).Member("value", value).EndObject();
}
