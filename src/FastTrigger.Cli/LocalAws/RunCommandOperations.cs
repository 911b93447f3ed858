using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FastTrigger.Cli.LocalAws;

/// <summary>The operations of Run Command. A command runs on every instance that it targets.</summary>
internal sealed class RunCommandOperations(LocalWorld world)
{
    private const string DefaultExecutionTimeout = "3600", DefaultConcurrency = "50", Plugin = "aws:runShellScript";

    public JsonObject Send(JsonObject request)
    {
        SendCommandCheck.Check(request, world.Documents);
        var ids = request.List("InstanceIds");
        var offline = ids.FindAll(id => !world.Instances.TryGetValue(id, out var known) || !known.AgentOnline(world.Now));
        if (offline.Count > 0)
        {
            throw new AwsError(
                400,
                "InvalidInstanceId",
                $"Instances [[{string.Join(", ", offline)}]] not in a valid state for account {world.Account}");
        }

        var byTag = ids.Count == 0;
        var instances = byTag ? FindTargets((JsonArray)request["Targets"]!) : ids.ConvertAll(id => world.Instances[id]);
        var document = request.Text("DocumentName")!;
        var command = new LocalCommand
        {
            Id = Guid.NewGuid().ToString(),
            DocumentName = document,
            Comment = request.Text("Comment") ?? "",
            Requested = world.Now,
            TargetsTags = byTag,
            Invocations = [.. instances.Select(instance => new LocalInvocation(instance.Id, document))],
        };
        world.Commands[command.Id] = command;
        Start(command, instances, request);
        return new() { ["Command"] = CommandJson.Describe(command) };
    }

    public JsonObject Cancel(JsonObject request)
    {
        var command = world.Commands.GetValueOrDefault(request.Required("CommandId"))
            ?? throw new AwsError(400, "InvalidCommandId", "");
        var ids = request.List("InstanceIds");
        if (ids.Find(id => command.Invocations.All(invocation => invocation.InstanceId != id)) is { } unknown)
        {
            throw new AwsError(400, "InvalidInstanceId", $"The command was not sent to {unknown}");
        }

        foreach (var invocation in command.Invocations.Where(invocation => ids.Count == 0 || ids.Contains(invocation.InstanceId)))
        {
            invocation.Cancellation.Cancel();
        }

        return [];
    }

    public JsonObject List(JsonObject request)
    {
        CheckTimes(request);
        var commands = world.Commands.Values
            .Where(command => command.Requested.AddMilliseconds(world.ShownAfterMs) <= world.Now)
            .Where(command => request.Text("CommandId") is not { } id || command.Id == id)
            .Where(command => request.Text("InstanceId") is not { } id || command.Invocations.Any(each => each.InstanceId == id))
            .Where(command => request.Objects("Filters").TrueForAll(filter => Matches(filter, command, command.Status)))
            .OrderByDescending(command => command.Requested);
        return Page(request, "Commands", [.. commands.Select(CommandJson.Describe)]);
    }

    public JsonObject ListInvocations(JsonObject request)
    {
        CheckTimes(request);
        var details = request.IsTrue("Details");
        var invocations = world.Commands.Values
            .Where(command => request.Text("CommandId") is not { } id || command.Id == id)
            .OrderByDescending(command => command.Requested)
            .SelectMany(command => command.Invocations.Select(invocation => (Command: command, Invocation: invocation)))
            .Where(pair => request.Text("InstanceId") is not { } id || pair.Invocation.InstanceId == id)
            .Where(pair => request.Objects("Filters").TrueForAll(filter => Matches(filter, pair.Command, pair.Invocation.Status)))
            .Select(pair => CommandJson.Describe(pair.Command, pair.Invocation, details));
        return Page(request, "CommandInvocations", [.. invocations]);
    }

    private static void CheckTimes(JsonObject request)
    {
        // Even when there is no command to compare with.
        foreach (var filter in request.Objects("Filters").Where(filter => filter.Text("key") is "InvokedAfter" or "InvokedBefore"))
        {
            _ = Time(filter.Text("value")!);
        }
    }

    private static bool Matches(JsonObject filter, LocalCommand command, string status)
    {
        var value = filter.Text("value")!;
        return filter.Text("key") switch
        {
            "InvokedAfter" => command.Requested > Time(value),
            "InvokedBefore" => command.Requested < Time(value),
            "DocumentName" => command.DocumentName == value,
            "Status" => status == value,
            "ExecutionStage" => (status is "Pending" or "InProgress" ? "Executing" : "Complete") == value,
            var key => throw new AwsError(400, "InvalidFilterKey", $"The filter {key} is not valid"),
        };
    }

    public JsonObject GetInvocation(JsonObject request)
    {
        var command = world.Commands.GetValueOrDefault(request.Text("CommandId")!);
        if (request.Text("PluginName") is { } plugin && plugin != Plugin)
        {
            throw new AwsError(400, "InvalidPluginName", "");
        }

        var invocation = command?.Invocations.FirstOrDefault(invocation => invocation.InstanceId == request.Text("InstanceId"))
            ?? throw new AwsError(400, "InvocationDoesNotExist", "");
        return new()
        {
            ["CommandId"] = command!.Id,
            ["InstanceId"] = invocation.InstanceId,
            ["DocumentName"] = command.DocumentName,
            ["Comment"] = command.Comment,
            ["PluginName"] = Plugin,
            ["ResponseCode"] = invocation.ExitCode,
            ["Status"] = invocation.Status,
            ["StatusDetails"] = invocation.StatusDetails,
            ["StandardOutputContent"] = invocation.StandardOutput,
            ["StandardErrorContent"] = invocation.StandardError,
        };
    }

    private List<LocalInstance> FindTargets(JsonArray targets) =>
    [
        .. world.Instances.Values
            .Where(instance => instance.AgentOnline(world.Now) && targets.All(target => Matches(instance.Id, (JsonObject)target!)))
            .OrderBy(instance => instance.Id, StringComparer.Ordinal),
    ];

    /// <summary>Whether an instance has a target's tag. The tag resource-group stands for membership in a resource group.</summary>
    private bool Matches(string id, JsonObject target)
    {
        var key = target.Text("Key")!;
        var tag = key.StartsWith("tag:", StringComparison.Ordinal) ? key[4..] : "resource-group";
        return world.Resources[id].TryGetValue(tag, out var value) && target.List("Values").Contains(value);
    }

    private void Start(LocalCommand command, List<LocalInstance> instances, JsonObject request)
    {
        var parameters = request["Parameters"] as JsonObject ?? [];
        var document = world.Documents.FirstOrDefault(known => known.Name == command.DocumentName);
        var script = document is not null ? Fill(document, parameters) : string.Join('\n', parameters.List("commands"));
        var folder = parameters.List("workingDirectory").FirstOrDefault();
        var timeout = parameters.List("executionTimeout").FirstOrDefault() ?? DefaultExecutionTimeout;
        var run = new ScriptRun(
            script,
            folder,
            TimeSpan.FromSeconds(int.Parse(timeout, CultureInfo.InvariantCulture)));
        var concurrency = Concurrency(request.Text("MaxConcurrency") ?? DefaultConcurrency, instances.Count);
        world.Run(end => Parallel.ForEachAsync(
            instances.Zip(command.Invocations),
            new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = end },
            async (pair, token) =>
            {
                var (instance, invocation) = pair;
                if (instance.Delivery == "ok")
                {
                    await CommandRunner.RunAsync(world.Shell, instance, invocation, run, token);
                }
                else
                {
                    Fail(invocation, instance.Delivery);
                }
            }));
    }

    /// <summary>Replaces {{ NAME }} in a document by the parameter's values, as Systems Manager does: the values are not quoted.</summary>
    private static string Fill(WorldDocument document, JsonObject parameters) =>
        document.Parameters.Aggregate(
            document.Script!,
            (script, name) => Regex.Replace(
                script,
                @"\{\{\s*" + Regex.Escape(name) + @"\s*\}\}",
                _ => string.Join(',', parameters.List(name))));

    private static void Fail(LocalInvocation invocation, string delivery) =>
        (invocation.Details, invocation.Status) = delivery == "undeliverable"
            ? ("Undeliverable", "Failed")
            : ("DeliveryTimedOut", "TimedOut");

    /// <summary>MaxConcurrency as a number of instances.</summary>
    private static int Concurrency(string max, int count)
    {
        var number = int.Parse(max.TrimEnd('%'), CultureInfo.InvariantCulture);
        return Math.Max(1, max.EndsWith('%') ? count * number / 100 : number);
    }

    private JsonObject Page(JsonObject request, string name, List<JsonObject> all) =>
        request.Page(name, all, Math.Min(50, world.PageSize));

    private static DateTimeOffset Time(string text)
    {
        const string Format = "yyyy-MM-dd'T'HH:mm:ss'Z'";
        return DateTimeOffset.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw AwsError.Validation($"'{text}' is no time such as 2026-11-20T00:00:00Z");
    }
}
