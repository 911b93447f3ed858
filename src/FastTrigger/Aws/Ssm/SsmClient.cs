using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Aws.Ssm;

/// <summary>
/// The operations of AWS Systems Manager Run Command that are used (docs.aws.amazon.com/systems-manager/latest/APIReference).
/// </summary>
internal sealed class SsmClient(AwsCaller aws, string region, AwsCredentials? credentials = null)
    : JsonServiceClient(aws, region, credentials, "AmazonSSM.", AwsProtocol.Json11)
{
    /// <summary>How many instance ids one SendCommand takes.</summary>
    public const int MaxInstanceIds = 50;

    /// <summary>A list with more pages is reported: what is on them would count as absent.</summary>
    public const int MaxPages = 100;

    private const string Service = "ssm";

    public static class Operations
    {
        /// <summary>It has no client token, so it is never repeated when Systems Manager may have accepted it (C5.1).</summary>
        public static readonly AwsOperation SendCommand =
            new(Service, nameof(SendCommand), WholeAnswer.Object("Command"), Changes: true, Idempotent: false);

        public static readonly AwsOperation CancelCommand = new(Service, nameof(CancelCommand), WholeAnswer.Nothing, Changes: true);

        public static readonly AwsOperation ListCommands = new(Service, nameof(ListCommands), WholeAnswer.List("Commands"));

        public static readonly AwsOperation ListCommandInvocations =
            new(Service, nameof(ListCommandInvocations), WholeAnswer.List("CommandInvocations"));

        public static readonly AwsOperation DescribeInstanceInformation =
            new(Service, nameof(DescribeInstanceInformation), WholeAnswer.List("InstanceInformationList"));
    }

    /// <summary>Sends a command; the id is empty when that failed.</summary>
    public AwsFailure? SendCommand(SendCommandRequest request, Deadline deadline, out string commandId)
    {
        Write(writer => SendCommandJson.Write(writer, request));
        commandId = "";
        if (Call(Operations.SendCommand, deadline, out var answer) is { } failure)
        {
            return failure;
        }

        commandId = answer.Get("Command"u8).Text("CommandId"u8) ?? "";
        return commandId.Length > 0 ? null : new(AwsFailureKind.ServerFault, "", "the response names no CommandId", Sent: true);
    }

    /// <summary>Cancels a command where it has not ended yet.</summary>
    public AwsFailure? CancelCommand(string commandId, Deadline deadline)
    {
        Write(writer => writer.Member("CommandId", commandId));
        return Call(Operations.CancelCommand, deadline, out _);
    }

    /// <summary>Finds the command with that id; nothing while Systems Manager does not list it yet.</summary>
    public AwsFailure? ListCommands(string commandId, List<CommandSummary> found, Deadline deadline) =>
        ListCommands(writer => writer.Member("CommandId", commandId), found, deadline);

    /// <summary>Finds the commands that were sent with a document since a moment.</summary>
    public AwsFailure? ListCommands(string documentName, long invokedAfterMs, List<CommandSummary> found, Deadline deadline)
    {
        var wholeSeconds = invokedAfterMs / 1000 * 1000;
        var invokedAfter = new ByteBuffer(32).AppendIso(wholeSeconds).ToString().Replace(".000Z", "Z", StringComparison.Ordinal);
        return ListCommands(
            writer =>
            {
                writer.Name("Filters").BeginArray();
                WriteFilter(writer, "InvokedAfter", invokedAfter);
                WriteFilter(writer, "DocumentName", documentName);
                writer.EndArray();
            },
            found,
            deadline);
    }

    /// <summary>Finds the state of a command on each server, with its output.</summary>
    public AwsFailure? ListCommandInvocations(string commandId, List<CommandInvocation> found, Deadline deadline) => Pages(
        Operations.ListCommandInvocations,
        writer => writer.Member("CommandId", commandId).Name("Details").Boolean(true),
        "CommandInvocations",
        invocation => found.Add(ReadInvocation(invocation)),
        deadline);

    /// <summary>Finds the agents of up to 50 servers; a server that never registered is absent.</summary>
    public AwsFailure? DescribeInstanceInformation(IReadOnlyList<string> instanceIds, List<InstanceInformation> found, Deadline deadline) =>
        Pages(
            Operations.DescribeInstanceInformation,
            writer =>
            {
                writer.Name("Filters").BeginArray().BeginObject().Member("Key", "InstanceIds");
                WriteList(writer, "Values", instanceIds);
                writer.EndObject().EndArray().Member("MaxResults", MaxInstanceIds);
            },
            "InstanceInformationList",
            instance => found.Add(new(instance.Text("InstanceId"u8) ?? "", instance.Text("PingStatus"u8) ?? "")),
            deadline);

    private AwsFailure? ListCommands(Action<JsonBuilder> filter, List<CommandSummary> found, Deadline deadline) =>
        Pages(Operations.ListCommands, filter, "Commands", command => found.Add(ReadCommand(command)), deadline);

    private AwsFailure? Pages(
        AwsOperation operation,
        Action<JsonBuilder> members,
        string list,
        Action<JsonElement> take,
        Deadline deadline)
    {
        string? token = null;
        for (var page = 0; page < MaxPages; page++)
        {
            Write(writer =>
            {
                members(writer);
                WriteIfNotNull(writer, "NextToken", token);
            });
            if (Call(operation, deadline, out var answer) is { } failure)
            {
                return failure;
            }

            if (answer.ValueKind == JsonValueKind.Object
                && answer.TryGetProperty(list, out var entries)
                && entries.ValueKind == JsonValueKind.Array)
            {
                foreach (var entry in entries.EnumerateArray())
                {
                    take(entry);
                }
            }

            token = answer.Text("NextToken"u8);
            if (token is null)
            {
                return null;
            }
        }

        return new(AwsFailureKind.Refused, "", $"{operation.Name} has more than {MaxPages} pages", Sent: true);
    }

    private static CommandSummary ReadCommand(JsonElement command) => new(
        command.Text("CommandId"u8) ?? "",
        command.Text("Status"u8) ?? "",
        command.Text("StatusDetails"u8) ?? "",
        command.Text("Comment"u8) ?? "",
        Number(command.Get("TargetCount"u8)),
        Number(command.Get("CompletedCount"u8)));

    /// <summary>The exit code is that of the last step that ran; the output is that of all steps.</summary>
    private static CommandInvocation ReadInvocation(JsonElement invocation)
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

        return new(
            invocation.Text("InstanceId"u8) ?? "",
            invocation.Text("Status"u8) ?? "",
            invocation.Text("StatusDetails"u8) ?? "",
            exitCode,
            output);
    }

    /// <summary>ListCommands is the one operation whose filters have lower-case names.</summary>
    private static void WriteFilter(JsonBuilder writer, string key, string value) =>
        writer.BeginObject().Member("key", key).Member("value", value).EndObject();
}
