using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// The operations of Run Command, Automation and Parameter Store that are used, with Systems Manager's documented limits. Commands are really
/// run, each instance in its own directory. Any other operation, and any member that is not known, is a loud error.
/// </summary>
internal sealed partial class SsmService : LocalJsonService
{
    private readonly LocalWorld _world;

    public SsmService(LocalWorld world)
        : base("ssm", "AmazonSSM.", "application/x-amz-json-1.1")
    {
        _world = world;
        Add("SendCommand", SendCommand, "DocumentName", "DocumentVersion", "DocumentHash", "DocumentHashType", "InstanceIds", "Targets", "Parameters", "Comment", "MaxConcurrency", "MaxErrors", "TimeoutSeconds", "OutputS3BucketName", "OutputS3KeyPrefix", "CloudWatchOutputConfig", "ServiceRoleArn", "NotificationConfig", "AlarmConfiguration");
        Add("CancelCommand", CancelCommand, "CommandId", "InstanceIds");
        Add("ListCommands", ListCommands, "CommandId", "InstanceId", "Filters", "MaxResults", "NextToken");
        Add("ListCommandInvocations", ListCommandInvocations, "CommandId", "InstanceId", "Details", "Filters", "MaxResults", "NextToken");
        Add("GetCommandInvocation", GetCommandInvocation, "CommandId", "InstanceId", "PluginName");
        Add("DescribeInstanceInformation", DescribeInstanceInformation, "Filters", "InstanceInformationFilterList", "MaxResults", "NextToken");
        Add("GetParameter", GetParameter, "Name", "WithDecryption");
        Add("StartAutomationExecution", StartAutomationExecution, "DocumentName", "DocumentVersion", "Parameters", "ClientToken", "TargetParameterName", "Targets", "MaxConcurrency", "MaxErrors");
        Add("GetAutomationExecution", GetAutomationExecution, "AutomationExecutionId");
    }

    /// <summary>Everything about a SendCommand that can be said before it is carried out.</summary>
    private void Check(JsonObject request)
    {
        var document = Text(request, "DocumentName") ?? throw Invalid("DocumentName is required");
        var own = _world.Documents.FirstOrDefault(known => known.Name == document && known.Script is not null);
        if (own is null && document is not ("AWS-RunShellScript" or "AWS-RunPowerShellScript"))
        {
            throw new AwsError(400, "InvalidDocument", $"Document {document} does not exist here");
        }

        if (document == "AWS-RunPowerShellScript")
        {
            throw new AwsError(400, "UnsupportedPlatformType", "The local instances run Linux");
        }

        CheckPattern(request, "DocumentVersion", "InvalidDocumentVersion", DocumentVersion());
        CheckPattern(request, "MaxConcurrency", "ValidationException", Concurrency());
        CheckPattern(request, "MaxErrors", "ValidationException", Errors());
        if (Text(request, "Comment") is { Length: > 100 })
        {
            throw Invalid("Comment has at most 100 characters");
        }

        if (request["TimeoutSeconds"] is { } seconds && seconds.GetValue<int>() is < 30 or > 2_592_000)
        {
            throw Invalid("TimeoutSeconds is from 30 to 2592000");
        }

        CheckOutput(request);
        if (own is null)
        {
            CheckParameters(request["Parameters"] as JsonObject ?? []);
        }
        else
        {
            CheckOwnParameters(own, request["Parameters"] as JsonObject ?? []);
        }

        CheckTargets(List(request, "InstanceIds"), request["Targets"] as JsonArray ?? []);
    }

    private static void CheckOutput(JsonObject request)
    {
        if (request["DocumentHash"] is not null && (Text(request, "DocumentHashType") != "Sha256" || Text(request, "DocumentHash")!.Length != 64))
        {
            throw new AwsError(400, "InvalidDocument", "DocumentHash is a Sha256 of 64 digits");
        }

        if (request["NotificationConfig"] is JsonObject notification && (Text(request, "ServiceRoleArn") is null || notification["NotificationArn"] is null))
        {
            throw new AwsError(400, "InvalidRole", "ServiceRoleArn and NotificationArn are required");
        }

        if (request["AlarmConfiguration"] is JsonObject alarm && alarm["Alarms"] is not JsonArray { Count: 1 })
        {
            throw Invalid("AlarmConfiguration has one alarm");
        }
    }

    private static void CheckOwnParameters(WorldDocument document, JsonObject parameters)
    {
        if (parameters.Select(parameter => parameter.Key).FirstOrDefault(name => !document.Parameters.Contains(name)) is { } unknown)
        {
            throw new AwsError(400, "InvalidParameters", $"{document.Name} has no parameter {unknown}");
        }

        if (document.Parameters.FirstOrDefault(name => parameters[name] is not JsonArray { Count: > 0 }) is { } missing)
        {
            throw new AwsError(400, "InvalidParameters", $"{document.Name} needs the parameter {missing}, a list");
        }
    }

    private static void CheckParameters(JsonObject parameters)
    {
        foreach (var (name, value) in parameters)
        {
            if (name is not ("commands" or "workingDirectory" or "executionTimeout") || value is not JsonArray list || list.Count == 0)
            {
                throw new AwsError(400, "InvalidParameters", $"AWS-RunShellScript takes lists as commands, workingDirectory and executionTimeout; not {name}");
            }

            if (list.Any(text => Substitution().IsMatch(text!.GetValue<string>())))
            {
                throw new AwsError(400, "InvalidParameters", $"{name} has a {{{{ }}}} in it that Systems Manager would replace");
            }
        }

        if (parameters["commands"] is null || parameters.ToJsonString().Length > 64 * 1024)
        {
            throw new AwsError(400, "InvalidParameters", "commands is required, and a document has at most 64 KB");
        }

        if (parameters["executionTimeout"] is JsonArray timeout && (!int.TryParse(timeout[0]!.GetValue<string>(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds is < 1 or > 172_800))
        {
            throw new AwsError(400, "InvalidParameters", "executionTimeout is from 1 to 172800");
        }
    }

    private static void CheckTargets(List<string> ids, JsonArray targets)
    {
        if ((ids.Count == 0) == (targets.Count == 0))
        {
            throw Invalid("either InstanceIds or Targets is required");
        }

        if (ids.Count > 50 || ids.Exists(id => !InstanceId().IsMatch(id)))
        {
            throw Invalid("InstanceIds has at most 50 ids, i-... or mi-...");
        }

        if (targets.Count > 5 || targets.Any(target => (target!["Values"] as JsonArray)?.Count is null or 0 or > 50 || !(target["Key"]?.GetValue<string>() is { } key && (key.StartsWith("tag:", StringComparison.Ordinal) || key is "resource-groups:Name" or "resource-groups:ResourceTypeFilters"))))
        {
            throw Invalid("Targets has at most 5 entries, each a tag:KEY or resource-groups:Name with 1 to 50 values");
        }
    }

    private JsonObject SendCommand(JsonObject request)
    {
        Check(request);
        var ids = List(request, "InstanceIds");
        var offline = ids.FindAll(id => !_world.Instances.TryGetValue(id, out var known) || !known.AgentOnline(_world.Now));
        if (offline.Count > 0)
        {
            throw new AwsError(400, "InvalidInstanceId", $"Instances [[{string.Join(", ", offline)}]] not in a valid state for account {_world.Account}");
        }

        var byTag = ids.Count == 0;
        var instances = byTag ? [.. _world.Instances.Values.Where(instance => instance.AgentOnline(_world.Now) && HasTags(instance.Id, (JsonArray)request["Targets"]!)).OrderBy(instance => instance.Id, StringComparer.Ordinal)] : ids.ConvertAll(id => _world.Instances[id]);
        var document = Text(request, "DocumentName")!;
        var command = new LocalCommand
        {
            Id = Guid.NewGuid().ToString(),
            DocumentName = document,
            Comment = Text(request, "Comment") ?? "",
            Requested = _world.Now,
            TargetsTags = byTag,
            Invocations = [.. instances.Select(instance => new LocalInvocation(instance.Id, document))],
        };
        _world.Commands[command.Id] = command;
        Start(command, instances, request);
        return new() { ["Command"] = Describe(command) };
    }

    private void Start(LocalCommand command, List<LocalInstance> instances, JsonObject request)
    {
        var parameters = request["Parameters"] as JsonObject ?? [];
        var own = _world.Documents.FirstOrDefault(known => known.Name == command.DocumentName);
        var script = own is not null ? Fill(own, parameters) : string.Join('\n', ((JsonArray)parameters["commands"]!).Select(line => line!.GetValue<string>()));
        var directory = (parameters["workingDirectory"] as JsonArray)?[0]?.GetValue<string>();
        var seconds = (parameters["executionTimeout"] as JsonArray)?[0]?.GetValue<string>() ?? "3600";
        var atOnce = AtOnce(Text(request, "MaxConcurrency") ?? "50", instances.Count);
        _world.Run(end => Parallel.ForEachAsync(
            instances.Zip(command.Invocations),
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = end },
            async (pair, token) => await (pair.First.Delivery != "ok" ? Fail(pair.Second, pair.First.Delivery) : CommandRunner.RunAsync(pair.First, pair.Second, script, directory, TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)), command.Cancellation.Token, token))));
    }

    /// <summary>What Systems Manager does with {{ NAME }} in a document, whatever the value is.</summary>
    private static string Fill(WorldDocument document, JsonObject parameters) => document.Parameters.Aggregate(
        document.Script!,
        (script, name) => Regex.Replace(script, @"\{\{\s*" + Regex.Escape(name) + @"\s*\}\}", _ => string.Join(',', ((JsonArray)parameters[name]!).Select(value => value!.GetValue<string>()))));

    private static Task Fail(LocalInvocation invocation, string delivery)
    {
        (invocation.Details, invocation.Status) = delivery == "undeliverable" ? ("Undeliverable", "Failed") : ("DeliveryTimedOut", "TimedOut");
        return Task.CompletedTask;
    }

    private static int AtOnce(string most, int count) =>
        Math.Max(1, most.EndsWith('%') ? count * int.Parse(most[..^1], CultureInfo.InvariantCulture) / 100 : int.Parse(most, CultureInfo.InvariantCulture));

    private bool HasTags(string id, JsonArray targets) => targets.All(target =>
        target!["Key"]!.GetValue<string>() is { } key && _world.Resources[id].TryGetValue(key.StartsWith("tag:", StringComparison.Ordinal) ? key[4..] : "resource-group", out var value) && ((JsonArray)target["Values"]!).Any(wanted => wanted!.GetValue<string>() == value));

    private JsonObject ListCommands(JsonObject request)
    {
        var commands = _world.Commands.Values.Where(command => command.Requested.AddMilliseconds(_world.ShownAfterMs) <= _world.Now).Where(command => Text(request, "CommandId") is not { } id || command.Id == id);
        foreach (var filter in request["Filters"] as JsonArray ?? [])
        {
            var value = filter!["value"]!.GetValue<string>();
            commands = filter["key"]!.GetValue<string>() switch
            {
                "InvokedAfter" => commands.Where(command => command.Requested > Time(value)),
                "InvokedBefore" => commands.Where(command => command.Requested < Time(value)),
                "DocumentName" => commands.Where(command => command.DocumentName == value),
                "Status" => commands.Where(command => command.Status == value),
                var key => throw new AwsError(400, "InvalidFilterKey", $"The filter {key} is not valid"),
            };
        }

        return Page(request, "Commands", [.. commands.OrderByDescending(command => command.Requested).Select(Describe)]);
    }

    private JsonObject ListCommandInvocations(JsonObject request)
    {
        var details = request["Details"]?.GetValue<bool>() == true;
        var invocations = _world.Commands.Values
            .Where(command => Text(request, "CommandId") is not { } id || command.Id == id)
            .OrderByDescending(command => command.Requested)
            .SelectMany(command => command.Invocations.Select(invocation => (Command: command, Invocation: invocation)))
            .Where(pair => Text(request, "InstanceId") is not { } id || pair.Invocation.InstanceId == id);
        return Page(request, "CommandInvocations", [.. invocations.Select(pair => Describe(pair.Command, pair.Invocation, details))]);
    }

    private JsonObject GetCommandInvocation(JsonObject request)
    {
        var command = _world.Commands.GetValueOrDefault(Text(request, "CommandId") ?? throw Invalid("CommandId is required"));
        var invocation = command?.Invocations.FirstOrDefault(invocation => invocation.InstanceId == Text(request, "InstanceId"))
            ?? throw new AwsError(400, "InvocationDoesNotExist", "");
        return new()
        {
            ["CommandId"] = command!.Id,
            ["InstanceId"] = invocation.InstanceId,
            ["DocumentName"] = command.DocumentName,
            ["Comment"] = command.Comment,
            ["PluginName"] = "aws:runShellScript",
            ["ResponseCode"] = invocation.ExitCode,
            ["Status"] = invocation.Status,
            ["StatusDetails"] = invocation.StatusDetails,
            ["StandardOutputContent"] = invocation.StandardOutput,
            ["StandardErrorContent"] = invocation.StandardError,
        };
    }

    private JsonObject CancelCommand(JsonObject request)
    {
        var command = _world.Commands.GetValueOrDefault(Required(request, "CommandId")) ?? throw new AwsError(400, "InvalidCommandId", "");
        command.Cancellation.Cancel();
        return [];
    }

    private JsonObject DescribeInstanceInformation(JsonObject request)
    {
        var wanted = (request["Filters"] as JsonArray)?.Select(filter => filter!["Key"]!.GetValue<string>() == "InstanceIds" ? List((JsonObject)filter, "Values") : throw new AwsError(400, "InvalidInstanceInformationFilterValue", filter.ToJsonString())).FirstOrDefault();
        if (wanted is { Count: 0 or > 100 } || request["MaxResults"]?.GetValue<int>() is < 5 or > 50)
        {
            throw Invalid("a filter has 1 to 100 values, MaxResults is 5 to 50");
        }

        // An agent that was never heard of is not shown.
        var agents = _world.Instances.Values.Where(instance => (wanted is null || wanted.Contains(instance.Id)) && instance.State == "running").OrderBy(instance => instance.Id, StringComparer.Ordinal);
        return Page(request, "InstanceInformationList", [.. agents.Select(instance => new JsonObject { ["InstanceId"] = instance.Id, ["PingStatus"] = instance.AgentOnline(_world.Now) ? "Online" : "ConnectionLost", ["PlatformType"] = "Linux" })]);
    }

    private JsonObject GetParameter(JsonObject request)
    {
        var name = Required(request, "Name");
        return _world.Parameters.TryGetValue(name, out var value)
            ? new() { ["Parameter"] = new JsonObject { ["Name"] = name, ["Type"] = "SecureString", ["Value"] = request["WithDecryption"]?.GetValue<bool>() == true ? value : "AQICAHi-encrypted", ["Version"] = 1 } }
            : throw new AwsError(400, "ParameterNotFound", "");
    }

    private JsonObject StartAutomationExecution(JsonObject request)
    {
        var document = _world.Documents.FirstOrDefault(known => known.Name == Required(request, "DocumentName") && known.Script is null)
            ?? throw new AwsError(400, "AutomationDefinitionNotFoundException", $"{Text(request, "DocumentName")} does not exist here");
        CheckOwnParameters(document with { Parameters = [.. document.Parameters.Where(name => name != Text(request, "TargetParameterName"))] }, request["Parameters"] as JsonObject ?? []);
        var token = Text(request, "ClientToken");
        if (token is not null && !ClientToken().IsMatch(token))
        {
            throw Invalid($"ClientToken '{token}' is no UUID");
        }

        var started = _world.Automations.GetOrAdd(token ?? Guid.NewGuid().ToString(), _ => new(Guid.NewGuid().ToString(), document, (JsonObject)request.DeepClone(), _world.Now));
        return JsonNode.DeepEquals(started.Request, request)
            ? new() { ["AutomationExecutionId"] = started.Id }
            : throw new AwsError(400, "IdempotentParameterMismatch", "The client token was used with other parameters");
    }

    private JsonObject GetAutomationExecution(JsonObject request)
    {
        var execution = _world.Automations.Values.FirstOrDefault(automation => automation.Id == Required(request, "AutomationExecutionId")) ?? throw new AwsError(400, "AutomationExecutionNotFoundException", "");
        var status = _world.Now < execution.Started.AddMilliseconds(execution.Document.Milliseconds) ? "InProgress" : execution.Document.Ends;
        var described = new JsonObject { ["AutomationExecutionId"] = execution.Id, ["DocumentName"] = execution.Document.Name, ["AutomationExecutionStatus"] = status };
        if (status is not ("InProgress" or "Success"))
        {
            described["FailureMessage"] = "Step fails when it is executed";
        }

        return new() { ["AutomationExecution"] = described };
    }

    private JsonObject Page(JsonObject request, string name, List<JsonObject> all) => Page(request, name, all, Math.Min(50, _world.PageSize));

    private static JsonObject Describe(LocalCommand command) => new()
    {
        ["CommandId"] = command.Id,
        ["DocumentName"] = command.DocumentName,
        ["Comment"] = command.Comment,
        ["RequestedDateTime"] = command.Requested.ToUnixTimeMilliseconds() / 1000.0,
        ["Status"] = command.Status,
        ["StatusDetails"] = command.StatusDetails,
        ["InstanceIds"] = QueryParameters.Strings(command.TargetsTags ? [] : command.Invocations.Select(invocation => invocation.InstanceId)),
        ["TargetCount"] = command.Invocations.Count,
        ["CompletedCount"] = command.Invocations.Count(invocation => invocation.Status is not ("Pending" or "InProgress")),
        ["ErrorCount"] = command.Invocations.Count(invocation => invocation.Status is "Failed" or "TimedOut"),
    };

    private static JsonObject Describe(LocalCommand command, LocalInvocation invocation, bool details)
    {
        var described = new JsonObject
        {
            ["CommandId"] = command.Id,
            ["InstanceId"] = invocation.InstanceId,
            ["DocumentName"] = command.DocumentName,
            ["Comment"] = command.Comment,
            ["RequestedDateTime"] = command.Requested.ToUnixTimeMilliseconds() / 1000.0,
            ["Status"] = invocation.Status,
            ["StatusDetails"] = invocation.StatusDetails,
        };
        if (details)
        {
            described["CommandPlugins"] = new JsonArray(new JsonObject
            {
                ["Name"] = "aws:runShellScript",
                ["Status"] = invocation.Status,
                ["StatusDetails"] = invocation.Status,
                ["ResponseCode"] = invocation.ExitCode,
                ["Output"] = invocation.StandardOutput + (invocation.StandardError.Length > 0 ? "\n----------ERROR-------\n" + invocation.StandardError : ""),
            });
        }

        return described;
    }

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : throw new AwsError(400, "ValidationException", $"'{text}' is no time such as 2026-11-20T00:00:00Z");

    private static void CheckPattern(JsonObject request, string name, string code, Regex pattern)
    {
        if (Text(request, name) is { } text && !pattern.IsMatch(text))
        {
            throw new AwsError(400, code, $"{name} '{text}' does not match {pattern}");
        }
    }

    [GeneratedRegex(@"^(\$LATEST|\$DEFAULT|[1-9][0-9]*)$")]
    private static partial Regex DocumentVersion();

    [GeneratedRegex(@"^([1-9][0-9]*|[1-9][0-9]%|[1-9]%|100%)$")]
    private static partial Regex Concurrency();

    [GeneratedRegex(@"^([1-9][0-9]*|[0]|[1-9][0-9]%|[0-9]%|100%)$")]
    private static partial Regex Errors();

    [GeneratedRegex("^(i-([0-9a-f]{8}|[0-9a-f]{17})|mi-[0-9a-f]{17})$")]
    private static partial Regex InstanceId();

    [GeneratedRegex("^[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}$")]
    private static partial Regex ClientToken();

    [GeneratedRegex(@"\{\{\s*(ssm|global|platformType)")]
    private static partial Regex Substitution();
}

/// <summary>An automation that was started.</summary>
internal sealed record LocalAutomation(string Id, WorldDocument Document, JsonObject Request, DateTimeOffset Started);
