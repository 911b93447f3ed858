using System.Text;
using System.Text.Json.Nodes;
using FastTrigger.Actions.RunCommand;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.LocalLambda;

namespace FastTrigger.Cli.Replay;

/// <summary>Delivers events one after another, in their order, and says what became of each.</summary>
/// <param name="deliver">To a function, which answers.</param>
/// <param name="rate">Events a second, at most.</param>
/// <param name="world">The local servers, which say more than the function's answer does; null for AWS.</param>
internal sealed class ReplayRun(Func<ReplayItem, byte[], Task<InvocationOutcome>> deliver, double rate, bool dryRun, LocalWorld? world)
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

        var actions = ((answer as JsonObject)?["routes"] as JsonArray ?? []).SelectMany(route => (JsonArray)route!["actions"]!).ToList();
        var detail = string.Join("; ", actions.Select(action => $"{action!["action"]}: {action["detail"]}{(WasDoneBefore(action) ? " (already done)" : "")}"));
        var done = actions.Where(action => action!["outcome"]!.ToString() == "done").ToList();
        return new(
            item,
            done.Count == 0 ? ReplayOutcome.Skipped : done.TrueForAll(action => WasDoneBefore(action!)) ? ReplayOutcome.DoneBefore : ReplayOutcome.Acted,
            detail.Length > 0 ? detail : "no route takes it");
    }

    /// <summary>The function says so where it waits or keeps a table; else the servers do, where they can be asked.</summary>
    private bool WasDoneBefore(JsonNode action)
    {
        if (action["doneBefore"]?.GetValue<bool>() == true)
        {
            return true;
        }

        var invocations = action["commandId"]?.ToString() is { } id && world is not null && world.Commands.TryGetValue(id, out var command) ? command.Invocations : [];
        return invocations.Count > 0 && invocations.All(invocation => invocation.StandardError.Contains(OnceGuard.AlreadyDone, StringComparison.Ordinal));
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
