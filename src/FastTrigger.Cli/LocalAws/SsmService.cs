using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// SendCommand, ListCommands, ListCommandInvocations and GetCommandInvocation with Systems Manager's documented limits. Commands are really
/// run, each instance in its own directory. Any other operation, and any member that is not known, is a loud error.
/// </summary>
internal sealed partial class SsmService(LocalWorld world)
{
    private static readonly Dictionary<string, string[]> s_members = new()
    {
        ["SendCommand"] = ["DocumentName", "DocumentVersion", "InstanceIds", "Targets", "Parameters", "Comment", "MaxConcurrency", "MaxErrors", "TimeoutSeconds"],
        ["ListCommands"] = ["CommandId", "InstanceId", "Filters", "MaxResults", "NextToken"],
        ["ListCommandInvocations"] = ["CommandId", "InstanceId", "Details", "Filters", "MaxResults", "NextToken"],
        ["GetCommandInvocation"] = ["CommandId", "InstanceId", "PluginName"],
    };

    public (JsonObject Parameters, Func<JsonObject> Run) Read(string operation, string body)
    {
        if (!s_members.TryGetValue(operation, out var members))
        {
            throw new AwsError(400, "UnknownOperationException", $"The operation {operation} is not carried out by this local Systems Manager");
        }

        if (JsonNode.Parse(body) is not JsonObject parameters)
        {
            throw new AwsError(400, "SerializationException", "The request body is no JSON object");
        }

        if (parameters.Select(member => member.Key).FirstOrDefault(name => !members.Contains(name)) is { } unknown)
        {
            throw new AwsError(400, "ValidationException", $"{operation} has no parameter {unknown} here");
        }

        return (parameters, operation switch
        {
            "SendCommand" => () => SendCommand(parameters),
            "ListCommands" => () => ListCommands(parameters),
            "ListCommandInvocations" => () => ListCommandInvocations(parameters),
            _ => () => GetCommandInvocation(parameters),
        });
    }

    /// <summary>Everything about a SendCommand that can be said before it is carried out.</summary>
    private static void Check(JsonObject request)
    {
        var document = Text(request, "DocumentName") ?? throw Invalid("DocumentName is required");
        if (document is not ("AWS-RunShellScript" or "AWS-RunPowerShellScript"))
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

        CheckParameters(request["Parameters"] as JsonObject ?? []);
        CheckTargets(List(request, "InstanceIds"), request["Targets"] as JsonArray ?? []);
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

        if (targets.Count > 5 || targets.Any(target => (target!["Values"] as JsonArray)?.Count is null or 0 or > 50 || target["Key"]?.GetValue<string>().StartsWith("tag:", StringComparison.Ordinal) != true))
        {
            throw Invalid("Targets has at most 5 entries, each a tag:KEY with 1 to 50 values");
        }
    }

    private JsonObject SendCommand(JsonObject request)
    {
        Check(request);
        var ids = List(request, "InstanceIds");
        var offline = ids.FindAll(id => !world.Instances.TryGetValue(id, out var known) || !known.AgentOnline);
        if (offline.Count > 0)
        {
            throw new AwsError(400, "InvalidInstanceId", $"Instances [[{string.Join(", ", offline)}]] not in a valid state for account {world.Account}");
        }

        var byTag = ids.Count == 0;
        var instances = byTag ? [.. world.Instances.Values.Where(instance => instance.AgentOnline && HasTags(instance.Id, (JsonArray)request["Targets"]!)).OrderBy(instance => instance.Id, StringComparer.Ordinal)] : ids.ConvertAll(id => world.Instances[id]);
        var document = Text(request, "DocumentName")!;
        var command = new LocalCommand
        {
            Id = Guid.NewGuid().ToString(),
            DocumentName = document,
            Comment = Text(request, "Comment") ?? "",
            Requested = world.Now,
            TargetsTags = byTag,
            Invocations = [.. instances.Select(instance => new LocalInvocation(instance.Id, document))],
        };
        world.Commands[command.Id] = command;
        Start(command, instances, request);
        return new() { ["Command"] = Describe(command) };
    }

    private void Start(LocalCommand command, List<LocalInstance> instances, JsonObject request)
    {
        var parameters = (JsonObject)request["Parameters"]!;
        var script = string.Join('\n', ((JsonArray)parameters["commands"]!).Select(line => line!.GetValue<string>()));
        var directory = (parameters["workingDirectory"] as JsonArray)?[0]?.GetValue<string>();
        var seconds = (parameters["executionTimeout"] as JsonArray)?[0]?.GetValue<string>() ?? "3600";
        var atOnce = AtOnce(Text(request, "MaxConcurrency") ?? "50", instances.Count);
        world.Run(end => Parallel.ForEachAsync(
            instances.Zip(command.Invocations),
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = end },
            async (pair, token) => await CommandRunner.RunAsync(pair.First, pair.Second, script, directory, TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)), token)));
    }

    private static int AtOnce(string most, int count) =>
        Math.Max(1, most.EndsWith('%') ? count * int.Parse(most[..^1], CultureInfo.InvariantCulture) / 100 : int.Parse(most, CultureInfo.InvariantCulture));

    private bool HasTags(string id, JsonArray targets) => targets.All(target =>
        world.Resources[id].TryGetValue(target!["Key"]!.GetValue<string>()[4..], out var value) && ((JsonArray)target["Values"]!).Any(wanted => wanted!.GetValue<string>() == value));

    private JsonObject ListCommands(JsonObject request)
    {
        var commands = world.Commands.Values.Where(command => Text(request, "CommandId") is not { } id || command.Id == id);
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
        var invocations = world.Commands.Values
            .Where(command => Text(request, "CommandId") is not { } id || command.Id == id)
            .OrderByDescending(command => command.Requested)
            .SelectMany(command => command.Invocations.Select(invocation => (Command: command, Invocation: invocation)))
            .Where(pair => Text(request, "InstanceId") is not { } id || pair.Invocation.InstanceId == id);
        return Page(request, "CommandInvocations", [.. invocations.Select(pair => Describe(pair.Command, pair.Invocation, details))]);
    }

    private JsonObject GetCommandInvocation(JsonObject request)
    {
        var command = world.Commands.GetValueOrDefault(Text(request, "CommandId") ?? throw Invalid("CommandId is required"));
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
            ["StatusDetails"] = invocation.Status,
            ["StandardOutputContent"] = invocation.StandardOutput,
            ["StandardErrorContent"] = invocation.StandardError,
        };
    }

    private JsonObject Page(JsonObject request, string name, List<JsonObject> all)
    {
        var size = request["MaxResults"]?.GetValue<int>() ?? Math.Min(50, world.PageSize);
        var start = Text(request, "NextToken") is { } token ? int.Parse(token, CultureInfo.InvariantCulture) : 0;
        var some = all.Skip(start).Take(size).ToArray<JsonNode>();
        var answer = new JsonObject { [name] = new JsonArray(some) };
        if (start + some.Length < all.Count)
        {
            answer["NextToken"] = (start + some.Length).ToString(CultureInfo.InvariantCulture);
        }

        return answer;
    }

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
            ["StatusDetails"] = invocation.Status,
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

    private static string? Text(JsonObject request, string name) => request[name]?.GetValue<string>();

    private static List<string> List(JsonObject request, string name) => (request[name] as JsonArray)?.Select(value => value!.GetValue<string>()).ToList() ?? [];

    private static AwsError Invalid(string message) => new(400, "ValidationException", message);

    [GeneratedRegex(@"^(\$LATEST|\$DEFAULT|[1-9][0-9]*)$")]
    private static partial Regex DocumentVersion();

    [GeneratedRegex(@"^([1-9][0-9]*|[1-9][0-9]%|[1-9]%|100%)$")]
    private static partial Regex Concurrency();

    [GeneratedRegex(@"^([1-9][0-9]*|[0]|[1-9][0-9]%|[0-9]%|100%)$")]
    private static partial Regex Errors();

    [GeneratedRegex("^(i-([0-9a-f]{8}|[0-9a-f]{17})|mi-[0-9a-f]{17})$")]
    private static partial Regex InstanceId();

    [GeneratedRegex(@"\{\{\s*(ssm|global|platformType)")]
    private static partial Regex Substitution();
}
