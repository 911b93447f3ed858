using System.Text.Json;
using FastTrigger.Http;
using FastTrigger.Json;

namespace FastTrigger.Aws.Ssm;

/// <summary>What SendCommand is asked for; null is left to Systems Manager.</summary>
internal sealed record SendCommandRequest
{
    public required string DocumentName { get; init; }

    public string? DocumentVersion { get; init; }

    public IReadOnlyList<string> InstanceIds { get; init; } = [];

    public List<(string Key, IReadOnlyList<string> Values)> Targets { get; init; } = [];

    public IReadOnlyList<(string Name, string Value)> Parameters { get; init; } = [];

    public string? Comment { get; init; }

    /// <summary>Seconds until a server must have received it.</summary>
    public int? DeliveryTimeoutSeconds { get; init; }

    public string? MaxConcurrency { get; init; }

    public string? MaxErrors { get; init; }
}

/// <summary>A command as ListCommands shows it.</summary>
internal sealed record CommandSummary(string CommandId, string Status, string StatusDetails, string Comment, int TargetCount);

/// <summary>A command on one server as GetCommandInvocation shows it.</summary>
internal sealed record CommandInvocation(string Status, string StatusDetails, int ResponseCode, string StandardOutput, string StandardError);

/// <summary>The operations of AWS Systems Manager that are used (docs.aws.amazon.com/systems-manager/latest/APIReference).</summary>
internal sealed class SsmClient(AwsClient client, string region)
{
    /// <summary>SendCommand takes this many instance ids.</summary>
    public const int MostInstanceIds = 50;

    private const int MostPages = 100;

    private readonly ByteBuffer _body = client.Body;

    /// <summary>Sends a command; the id is empty when that failed. Never repeated when it may have been accepted (C5.1).</summary>
    public AwsFailure? SendCommand(SendCommandRequest request, Deadline deadline, out string commandId)
    {
        Write(writer =>
        {
            writer.Member("DocumentName", request.DocumentName);
            WriteGiven(writer, "DocumentVersion", request.DocumentVersion);
            if (request.InstanceIds.Count > 0)
            {
                WriteList(writer, "InstanceIds", request.InstanceIds);
            }

            if (request.Targets.Count > 0)
            {
                WriteTargets(writer, request.Targets);
            }

            writer.Name("Parameters").BeginObject();
            foreach (var (name, value) in request.Parameters)
            {
                writer.Name(name).BeginArray().Text(value).EndArray();
            }

            writer.EndObject();
            WriteGiven(writer, "Comment", request.Comment);
            WriteGiven(writer, "MaxConcurrency", request.MaxConcurrency);
            WriteGiven(writer, "MaxErrors", request.MaxErrors);
            if (request.DeliveryTimeoutSeconds is { } seconds)
            {
                writer.Member("TimeoutSeconds", seconds);
            }
        });

        commandId = "";
        if (Call("SendCommand", idempotent: false, deadline) is { } failure)
        {
            return failure;
        }

        var answer = EventJson.Parse(client.Answer, out _);
        commandId = answer?.RootElement.Get("Command"u8).Text("CommandId"u8) ?? "";
        return commandId.Length > 0 ? null : new(AwsFailureKind.ServerFault, "", "the answer names no CommandId", Sent: true);
    }

    /// <summary>The command of that id.</summary>
    public AwsFailure? ListCommands(string commandId, List<CommandSummary> found, Deadline deadline) =>
        ListCommands(commandId, null, null, found, deadline);

    /// <summary>Commands sent with a document since a moment.</summary>
    public AwsFailure? ListCommands(string documentName, long invokedAfterMs, List<CommandSummary> found, Deadline deadline) =>
        ListCommands(null, documentName, new ByteBuffer(32).AppendIso(invokedAfterMs / 1000 * 1000).ToString().Replace(".000Z", "Z", StringComparison.Ordinal), found, deadline);

    /// <summary>What became of a command on one server. InvocationDoesNotExist is usual just after sending.</summary>
    public AwsFailure? GetCommandInvocation(string commandId, string instanceId, Deadline deadline, out CommandInvocation? invocation)
    {
        Write(writer =>
        {
            writer.Member("CommandId", commandId);
            writer.Member("InstanceId", instanceId);
        });

        invocation = null;
        if (Call("GetCommandInvocation", idempotent: true, deadline) is { } failure)
        {
            return failure;
        }

        var answer = EventJson.Parse(client.Answer, out _);
        var root = answer?.RootElement ?? default;
        invocation = new(root.Text("Status"u8) ?? "", root.Text("StatusDetails"u8) ?? "", Number(root.Get("ResponseCode"u8)), root.Text("StandardOutputContent"u8) ?? "", root.Text("StandardErrorContent"u8) ?? "");
        return null;
    }

    private AwsFailure? ListCommands(string? commandId, string? documentName, string? invokedAfter, List<CommandSummary> found, Deadline deadline)
    {
        string? token = null;
        for (var page = 0; page < MostPages; page++)
        {
            Write(writer =>
            {
                WriteGiven(writer, "CommandId", commandId);
                if (documentName is not null)
                {
                    writer.Name("Filters").BeginArray();
                    WriteFilter(writer, "InvokedAfter", invokedAfter!);
                    WriteFilter(writer, "DocumentName", documentName);
                    writer.EndArray();
                }

                WriteGiven(writer, "NextToken", token);
            });
            if (Call("ListCommands", idempotent: true, deadline) is { } failure)
            {
                return failure;
            }

            var answer = EventJson.Parse(client.Answer, out _);
            var root = answer?.RootElement ?? default;
            var commands = root.Get("Commands"u8);
            if (commands.ValueKind == JsonValueKind.Array)
            {
                foreach (var command in commands.EnumerateArray())
                {
                    found.Add(new(command.Text("CommandId"u8) ?? "", command.Text("Status"u8) ?? "", command.Text("StatusDetails"u8) ?? "", command.Text("Comment"u8) ?? "", Number(command.Get("TargetCount"u8))));
                }
            }

            token = root.Text("NextToken"u8);
            if (token is null)
            {
                break;
            }
        }

        return null;
    }

    private static int Number(JsonElement element) => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) ? number : 0;

    private static void WriteGiven(JsonBuilder writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.Member(name, value);
        }
    }

    private static void WriteList(JsonBuilder writer, string name, IReadOnlyList<string> values)
    {
        writer.Name(name).BeginArray();
        foreach (var value in values)
        {
            writer.Text(value);
        }

        writer.EndArray();
    }

    private static void WriteTargets(JsonBuilder writer, IReadOnlyList<(string Key, IReadOnlyList<string> Values)> targets)
    {
        writer.Name("Targets").BeginArray();
        foreach (var (key, values) in targets)
        {
            writer.BeginObject();
            writer.Member("Key", key);
            WriteList(writer, "Values", values);
            writer.EndObject();
        }

        writer.EndArray();
    }

    /// <summary>ListCommands is the operation whose filters are written in lower case.</summary>
    private static void WriteFilter(JsonBuilder writer, string key, string value)
    {
        writer.BeginObject();
        writer.Member("key", key);
        writer.Member("value", value);
        writer.EndObject();
    }

    private void Write(Action<JsonBuilder> members)
    {
        _body.Clear();
        var writer = new JsonBuilder(_body);
        writer.BeginObject();
        members(writer);
        writer.EndObject();
    }

    private AwsFailure? Call(string operation, bool idempotent, Deadline deadline) =>
        client.Call(new("ssm", region, operation, "AmazonSSM." + operation, _body, idempotent), deadline);
}
