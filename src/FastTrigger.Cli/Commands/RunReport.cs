using System.Text.Json;
using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.LocalLambda;

namespace FastTrigger.Cli.Commands;

/// <summary>Everything that happened in a run.</summary>
/// <param name="Init">The time from the start of the process to GET next; null when the function did not start.</param>
/// <param name="Invocations">Each event with its outcome and the index of its first AWS call.</param>
internal sealed record RunReport(
    TimeSpan? Init,
    IReadOnlyList<(string Event, InvocationOutcome Outcome, int FirstCall)> Invocations,
    IReadOnlyList<AwsCall> Calls,
    LocalWorld World,
    IReadOnlyList<string> Logs,
    IReadOnlyList<string> StandardError)
{
    public bool IsOk => Invocations.All(invocation => !invocation.Outcome.IsError);

    /// <summary>The document of --json.</summary>
    public JsonObject ToJson() => new()
    {
        ["outcome"] = IsOk ? "ok" : "error",
        ["initMs"] = Init is { } init ? Milliseconds(init) : null,
        ["invocations"] = new JsonArray([.. Invocations.Select(Describe)]),
        ["calls"] = new JsonArray([.. Calls.Select(Describe)]),
        ["instances"] = new JsonArray([.. SortedInstances().Select(Describe)]),
        ["logs"] = new JsonArray([.. Logs.Concat(StandardError).Select(Parse)]),
    };

    public static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
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

    private static JsonNode Describe((string Event, InvocationOutcome Outcome, int FirstCall) invocation)
    {
        var payload = Parse(System.Text.Encoding.UTF8.GetString(invocation.Outcome.Payload));
        return new JsonObject
        {
            ["event"] = invocation.Event,
            ["outcome"] = invocation.Outcome.IsError ? "error" : "ok",
            ["response"] = invocation.Outcome.IsError ? null : payload,
            ["error"] = invocation.Outcome.IsError ? payload : null,
            ["responseMs"] = Milliseconds(invocation.Outcome.Duration),
        };
    }

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
            ["status"] = command.Status,
            ["exitCode"] = command.ExitCode,
            ["stdout"] = command.StandardOutput,
            ["stderr"] = command.StandardError,
        })]),
    };
}
