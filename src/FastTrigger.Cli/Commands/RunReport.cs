using System.Text.Json;
using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.LocalLambda;
using FastTrigger.Cli.Matching;

namespace FastTrigger.Cli.Commands;

/// <summary>One event of a run.</summary>
/// <param name="FirstCall">The index of its first AWS call.</param>
/// <param name="Attempts">How often the function was invoked with it; the outcome is the last one.</param>
internal sealed record RunInvocation(string Event, InvocationOutcome Outcome, int FirstCall, RunVerdict Verdict, int Attempts)
{
    /// <summary>Its items that no route takes.</summary>
    public IReadOnlyList<ItemMatch> Unmatched { get; init; } = [];
}

/// <summary>Everything that happened in a run.</summary>
/// <param name="Init">The time from the start of the process to GET next; null when the function did not start.</param>
internal sealed record RunReport(
    TimeSpan? Init,
    IReadOnlyList<RunInvocation> Invocations,
    IReadOnlyList<AwsCall> Calls,
    LocalWorld World,
    string RoutesFile,
    string? WorldFile,
    IReadOnlyList<string> Logs,
    IReadOnlyList<string> StandardError,
    string LogStream)
{
    /// <summary>That of the event that ended worst.</summary>
    public RunOutcome Outcome => Invocations.Max(invocation => invocation.Verdict.Outcome);

    /// <summary>The document of --json.</summary>
    public JsonObject ToJson() => new()
    {
        ["routes"] = RoutesFile,
        ["world"] = WorldFile,
        ["outcome"] = RunVerdict.Name(Outcome),
        ["initMs"] = Init is { } init ? Milliseconds(init) : null,
        ["invocations"] = new JsonArray([.. Invocations.Select(Describe)]),
        ["calls"] = new JsonArray([.. Calls.Select(Describe)]),
        ["instances"] = new JsonArray([.. SortedInstances().Select(Describe)]),
        ["logStream"] = LogStream,
        ["logs"] = new JsonArray([.. Logs.Concat(StandardError).Select(Parse)]),
    };

    public static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return text;
        }
    }

    public IEnumerable<LocalInstance> SortedInstances() =>
        World.Instances.Values.OrderBy(instance => instance.Id, StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, string>> SortedTags(LocalInstance instance) =>
        World.Resources[instance.Id].OrderBy(tag => tag.Key, StringComparer.Ordinal);

    /// <summary>The commands that were sent to an instance, oldest first.</summary>
    public IEnumerable<LocalInvocation> Commands(string instanceId) =>
        World.Commands.Values
            .OrderBy(command => command.Requested)
            .SelectMany(command => command.Invocations)
            .Where(invocation => invocation.InstanceId == instanceId);

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 2);

    private static JsonNode Describe(RunInvocation invocation)
    {
        var payload = Parse(System.Text.Encoding.UTF8.GetString(invocation.Outcome.Payload));
        return new JsonObject
        {
            ["event"] = invocation.Event,
            ["outcome"] = RunVerdict.Name(invocation.Verdict.Outcome),
            ["reasons"] = new JsonArray([.. invocation.Verdict.Reasons]),
            ["actions"] = new JsonArray([.. invocation.Verdict.Actions.Select(DescribeAction)]),
            ["unmatched"] = new JsonArray([.. invocation.Unmatched.Select(JsonNode (item) => item.ToJson())]),
            ["response"] = invocation.Outcome.IsError ? null : payload,
            ["error"] = invocation.Outcome.IsError ? payload : null,
            ["responseMs"] = Milliseconds(invocation.Outcome.Duration),
        };
    }

    private static JsonNode DescribeAction(JsonObject line) => new JsonObject(
        ((string[])["route", "action", "item", "outcome", "detail"]).Select(name => KeyValuePair.Create(name, line[name]?.DeepClone())));

    private static JsonNode Describe(AwsCall call)
    {
        var described = new JsonObject
        {
            ["service"] = call.Service,
            ["operation"] = call.Operation,
            ["status"] = call.Status,
            ["parameters"] = call.Parameters.DeepClone(),
        };
        if (call.Note.Length > 0)
        {
            described["note"] = call.Note;
        }

        return described;
    }

    private JsonNode Describe(LocalInstance instance) => new JsonObject
    {
        ["id"] = instance.Id,
        ["tags"] = new JsonObject(SortedTags(instance).Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value))),
        ["commands"] = new JsonArray([.. Commands(instance.Id).Select(command => (JsonNode)new JsonObject
        {
            ["document"] = command.DocumentName,
            ["status"] = command.NotExecuted is null ? command.Status : "not executed",
            ["exitCode"] = command.ExitCode,
            ["stdout"] = command.StandardOutput,
            ["stderr"] = command.StandardError,
        })]),
    };
}
