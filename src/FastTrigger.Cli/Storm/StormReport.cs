using System.Globalization;
using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Cli.Storm;

/// <summary>The results of a storm, with the figures that every output format shows.</summary>
/// <param name="results">The runs, in the order of the variants.</param>
internal sealed class StormReport(
    StormScenario scenario,
    IReadOnlyList<StormResult> results,
    MachineDescription machine,
    string eventName,
    string commandLine)
{
    public StormScenario Scenario => scenario;

    public StormPlan Plan => scenario.CreatePlan();

    public IReadOnlyList<StormResult> Results => results;

    public MachineDescription Machine => machine;

    public string EventName => eventName;

    public string CommandLine => commandLine;

    /// <summary>The run that the report is about, to which the others are compared: on demand with the largest limit.</summary>
    public StormResult Main { get; } = results.Last(static result => result.Variant.IsOnDemand);

    /// <summary>Whether every event of every run was done once.</summary>
    public bool IsWhole => results.All(static result => result.IsWhole);

    public IReadOnlyList<StormTable> Tables => StormTables.Of(this);

    public string Explain(StormResult result) => StormExplanation.Of(result, Plan, machine.Cores);

    /// <summary>The load in words.</summary>
    public string Load => string.Create(
        CultureInfo.InvariantCulture,
        $"{Main.Events.Count} events in {Plan.Duration.TotalSeconds:0} s ({Plan.Rate:0.##} a second, {ArrivalText})")
        + (Main.Effects.Instances > 0 ? $", which launch {Main.Effects.Instances} instances" : "");

    /// <summary>Whether something was lost or done twice, in words.</summary>
    public string Verdict => IsWhole
        ? "No event was lost, and none was done twice."
        : $"NOT every event was done once: {results.Sum(static result => result.Lost)} were lost, "
            + $"{results.Sum(static result => result.Effects.Never)} effects are missing, "
            + $"and {results.Sum(static result => result.Effects.Twice)} were done twice.";

    /// <summary>What of this is real, and what is imitated.</summary>
    public IReadOnlyList<string> Notes =>
    [
        "Real: the function's processes and their INIT, its signed calls over https to the local AWS, and all times.",
        $"Imitated: Lambda, SQS and AWS are local servers. Processes, servers and this measurement share {machine.Cores} cores, while on "
        + "Lambda each environment has a processor share of its own; the share of a memory size is not imitated here. So the figures show "
        + "how the function behaves under load, not how fast Lambda is.",
        "Work is from the delivery of an event to the function's answer, its retries of throttled calls included. Waiting is what remains "
        + "of the whole: delays after throttling, a queue's window, and this machine's own slowness.",
        "Scripts of SendCommand are not run here. One that is sent again with the same key counts as repeated: the server knows the key.",
    ];

    private string ArrivalText => Plan.Arrivals switch
    {
        ArrivalKind.Burst => "in bursts, five seconds' worth at once",
        ArrivalKind.Ramp => "a ramp up to that",
        var kind => kind.ToString().ToLowerInvariant(),
    };
}
