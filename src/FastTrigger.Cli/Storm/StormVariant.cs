namespace FastTrigger.Cli.Storm;

/// <summary>One run of a storm: the same arrivals, with other environments or in another way.</summary>
/// <param name="Environments">The limit of environments.</param>
/// <param name="Ahead">How many are started before the first event.</param>
/// <param name="IsProvisioned">Whether those are provisioned concurrency.</param>
/// <param name="Queue">The queue that gathers the events; null when each is an invocation of its own.</param>
internal sealed record StormVariant(string Name, int Environments, int Ahead, bool IsProvisioned, ScenarioQueue? Queue)
{
    /// <summary>Whether environments start only when an event needs one, and each event is an invocation of its own.</summary>
    public bool IsOnDemand => Ahead == 0 && Queue is null;

    public static IReadOnlyList<StormVariant> Of(StormScenario scenario)
    {
        var all = new List<StormVariant>();
        var max = scenario.MaxEnvironments();
        foreach (var limit in scenario.Environments.Distinct().Order())
        {
            all.Add(new($"on demand, at most {limit}", limit, 0, false, null));
        }

        if (scenario.Warm)
        {
            all.Add(new($"warm pool of {max}", max, max, false, null));
        }

        if (scenario.Provisioned is { } provisioned)
        {
            all.Add(new($"{provisioned} provisioned, at most {max}", max, provisioned, true, null));
        }

        if (scenario.Queue is { } queue)
        {
            all.Add(new($"SQS, batches of up to {queue.BatchSize}, at most {max}", max, 0, false, queue));
        }

        return all;
    }
}
