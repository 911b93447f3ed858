using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Storm;

namespace FastTrigger.Tests.Storm;

/// <summary>Parts of a storm without a storm.</summary>
internal static class StormFixture
{
    public static readonly StormVariant OnDemand = new("on demand, at most 100", 100, 0, false, null);

    public static readonly StormEffects NoEffects = new(0, []);

    public static StormScenario Scenario(string kind = "burst") => new() { Arrivals = new() { Kind = kind, PerSecond = 20, Seconds = 10 } };

    /// <summary>An event with these parts in milliseconds.</summary>
    public static StormEvent Event(int number, int waiting, int start, int work, int retrying = 0, string? error = null) => new(
        number,
        TimeSpan.Zero,
        Ms(waiting + start + work + retrying),
        Ms(start),
        Ms(work),
        Ms(retrying),
        start > 0,
        0,
        retrying > 0 ? 1 : 0,
        error);

    public static StormResult Result(IReadOnlyList<StormEvent> events, StormVariant? variant = null) =>
        new(variant ?? OnDemand, events, TimeSpan.FromSeconds(10))
        {
            Calls = [],
            Effects = NoEffects,
            Environments = 10,
            MaxBusy = 10,
            ThrottledAtLimit = 0,
            ThrottledByScaling = 0,
            Cost = new(events.Count, 1, 0, null),
        };

    public static AwsCall Call(string operation, double at, JsonObject? parameters = null, string note = "") => new(
        operation == "SendCommand" ? "ssm" : "ec2",
        operation,
        note.Length == 0 ? 200 : 503,
        parameters ?? [],
        note,
        DateTimeOffset.UnixEpoch.AddSeconds(at),
        "123456789012");

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
