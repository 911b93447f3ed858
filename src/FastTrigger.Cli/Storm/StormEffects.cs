using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Cli.Storm;

/// <summary>How often one operation was carried out for the instances that were launched.</summary>
/// <param name="Done">The instances for which it was done.</param>
/// <param name="Never">Those for which it was not, though it was for others.</param>
/// <param name="Twice">Those for which it took effect more than once.</param>
/// <param name="Repeated">Those for which it was repeated without effect: the same tags again, or a command that the server knows.</param>
/// <param name="Last">When it was first done for the last of them, since the start of the storm.</param>
internal sealed record StormEffect(string Operation, int Done, int Never, int Twice, int Repeated, TimeSpan Last);

/// <summary>What the local AWS carried out for the events of a storm: counted there, and not taken from the function's answers.</summary>
/// <param name="Instances">The instances that all events launched; 0 when they launch none, so that no call names its event.</param>
internal sealed record StormEffects(int Instances, IReadOnlyList<StormEffect> Operations)
{
    public const string Tagging = "CreateTags", Commanding = "SendCommand";

    /// <summary>A script that runs at most once for its key on a server has this line (C4.2).</summary>
    private const string Guard = "FastTrigger: at most once on this server for this key.";

    /// <summary>Whether nothing was left out and nothing was done twice.</summary>
    public bool IsWhole => Never == 0 && Twice == 0;

    public int Never => Operations.Sum(static effect => effect.Never);

    public int Twice => Operations.Sum(static effect => effect.Twice);

    /// <summary>When the last instance was tagged; null when none was.</summary>
    public TimeSpan? LastTagged => Operations.FirstOrDefault(static effect => effect.Operation == Tagging)?.Last;

    /// <param name="count">How many events there were.</param>
    public static StormEffects Count(StormEvents events, int count, IReadOnlyCollection<AwsCall> calls, DateTimeOffset started)
    {
        var instances = Enumerable.Range(0, count).SelectMany(events.InstancesOf).ToList();
        StormEffect?[] effects =
        [
            Count(instances, calls, started, Tagging, "Resources", static call => call["Tags"]!.ToJsonString()),
            Count(instances, calls, started, Commanding, "InstanceIds", GuardedScript),
        ];
        return new(instances.Count, [.. effects.OfType<StormEffect>()]);
    }

    /// <param name="member">The member of the call that has the ids of instances.</param>
    /// <param name="same">What a call that has no effect after another one has in common with it; null when it always has one.</param>
    private static StormEffect? Count(
        List<string> instances,
        IReadOnlyCollection<AwsCall> calls,
        DateTimeOffset started,
        string operation,
        string member,
        Func<JsonObject, string?> same)
    {
        var seen = instances.ToDictionary(static id => id, static _ => new List<string?>());
        var last = TimeSpan.Zero;
        foreach (var call in calls.Where(call => call.Operation == operation && call.Status == 200).OrderBy(static call => call.At))
        {
            var parameters = (JsonObject)call.Parameters;
            var effect = same(parameters);
            foreach (var id in (parameters[member] as JsonArray ?? []).Select(static id => id!.ToString()).Where(seen.ContainsKey))
            {
                last = seen[id].Count == 0 ? call.At - started : last;
                seen[id].Add(effect);
            }
        }

        var done = seen.Values.Count(static times => times.Count > 0);
        var repeated = seen.Values.Count(static times => times.Count > 1 && times[0] is not null && times.Distinct().Count() == 1);
        var twice = seen.Values.Count(static times => times.Count > 1) - repeated;
        return done == 0 ? null : new(operation, done, instances.Count - done, twice, repeated, last);
    }

    private static string? GuardedScript(JsonObject call) =>
        call["Parameters"]?.ToJsonString() is { } text && text.Contains(Guard, StringComparison.Ordinal) ? text : null;
}
