using System.Text;
using System.Text.Json.Nodes;
using FastTrigger.Actions.RunCommand;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.LocalLambda;

namespace FastTrigger.Cli.Replay;

/// <summary>Delivers events one after another, in their order, and collects the results.</summary>
/// <param name="deliver">Delivers a payload to a function.</param>
/// <param name="rate">The maximum number of events a second.</param>
/// <param name="world">The local servers, which know more than the function's response; null for AWS.</param>
internal sealed class ReplayRun(
    Func<ReplayItem, byte[], Task<InvocationOutcome>> deliver,
    double rate,
    bool dryRun,
    LocalWorld? world)
{
    private readonly List<ReplayResult> _results = [];
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    public IReadOnlyList<ReplayResult> Results => _results;

    public int Count(ReplayOutcome outcome) => _results.Count(result => result.Outcome == outcome);

    public async Task<ReplayResult> DeliverAsync(ReplayItem item, CancellationToken token)
    {
        var wait = _next - DateTimeOffset.UtcNow;
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, token);
        }

        _next = DateTimeOffset.UtcNow + TimeSpan.FromSeconds(1 / rate);
        var outcome = await deliver(item, item.Payload(dryRun));
        if (world is not null)
        {
            await world.SettleAsync();
        }

        var result = Read(item, outcome);
        _results.Add(result);
        return result;
    }

    private ReplayResult Read(ReplayItem item, InvocationOutcome outcome)
    {
        var answer = Parse(outcome.Payload);
        if (outcome.IsError)
        {
            return new(item, ReplayOutcome.Failed, $"{outcome.ErrorType}: {answer?["errorMessage"]?.ToString() ?? ""}");
        }

        var routes = (answer as JsonObject)?["routes"] as JsonArray ?? [];
        var actions = routes.SelectMany(route => (JsonArray)route!["actions"]!).ToList();
        var details = actions.Select(action =>
            $"{action!["action"]}: {action["detail"]}{(WasDoneBefore(action) ? " (already done)" : "")}");
        var done = actions.Where(action => action!["outcome"]!.ToString() == "done").ToList();
        var replayOutcome = done.Count == 0
            ? ReplayOutcome.Skipped
            : done.TrueForAll(action => WasDoneBefore(action!)) ? ReplayOutcome.DoneBefore : ReplayOutcome.Acted;
        return new(item, replayOutcome, actions.Count > 0 ? string.Join("; ", details) : "no route takes it");
    }

    /// <summary>Whether an earlier delivery did the work: the function reports it when it knows, else the local servers do.</summary>
    private bool WasDoneBefore(JsonNode action)
    {
        if (action["doneBefore"]?.GetValue<bool>() == true)
        {
            return true;
        }

        if (world is null || action["commandId"]?.ToString() is not { } id || !world.Commands.TryGetValue(id, out var command))
        {
            return false;
        }

        return command.Invocations.Count > 0
            && command.Invocations.All(invocation => invocation.StandardError.Contains(OnceGuard.AlreadyDone, StringComparison.Ordinal));
    }

    private static JsonNode? Parse(byte[] payload)
    {
        try
        {
            return JsonNode.Parse(payload);
        }
        catch (System.Text.Json.JsonException)
        {
            return JsonValue.Create(Encoding.UTF8.GetString(payload));
        }
    }
}
