using System.Text;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Chaos.Wire;

/// <summary>The effects of the events as the servers have them, compared with what the invocations reported.</summary>
internal sealed class WireTally
{
    private readonly List<string> _findings = [];

    /// <param name="visits">How many requests the website received.</param>
    /// <param name="violations">How the function broke the protocol of the Runtime API.</param>
    public WireTally(
        WirePlan plan,
        WireEffects effects,
        IReadOnlyCollection<WireReport> reports,
        int visits,
        IEnumerable<string> violations)
    {
        Invocations = reports.Count;
        var last = reports.Where(report => report.IsLast).ToDictionary(report => report.Number);
        for (var number = 0; number < plan.Events; number++)
        {
            CountEffects(plan.KindOf(number), number, effects.Count(number), ReasonOf(last[number]));
        }

        foreach (var report in reports)
        {
            Errors[report.Outcome.ErrorType ?? "none"] = Errors.GetValueOrDefault(report.Outcome.ErrorType ?? "none") + 1;
            Note(report);
        }

        var checks = reports.Count(report => plan.KindOf(report.Number) == WirePlan.Checked && !report.Outcome.IsError);
        if (checks > visits)
        {
            False += checks - visits;
            _findings.Add($"{checks} checks are reported as done, and the website received {visits} requests");
        }

        foreach (var violation in violations)
        {
            Violations++;
            _findings.Add($"the Runtime API: {violation}");
        }
    }

    public int Invocations { get; }

    /// <summary>The events of each kind, and how many of them had each effect exactly once.</summary>
    public SortedDictionary<string, (int Events, int Acted)> Kinds { get; } = [];

    /// <summary>How many invocations ended with each type of error; "none" is success.</summary>
    public SortedDictionary<string, int> Errors { get; } = [];

    public int Acted { get; private set; }

    /// <summary>Events with a missing effect that the function reports.</summary>
    public int Unknown { get; private set; }

    /// <summary>Events with an effect that happened more than once.</summary>
    public int Twice { get; private set; }

    /// <summary>Events with a missing effect that nothing reports.</summary>
    public int Lost { get; private set; }

    /// <summary>Invocations that reported as done what had not happened.</summary>
    public int False { get; private set; }

    /// <summary>Invocations that were still at work when their time was over.</summary>
    public int Late { get; private set; }

    public int Violations { get; private set; }

    /// <summary>The largest part of its time that an invocation took.</summary>
    public double LongestShare { get; private set; }

    public bool IsGood => Twice + Lost + False + Late + Violations == 0;

    /// <summary>One line for each effect that did not happen exactly once, and for each rule that was broken.</summary>
    public IReadOnlyList<string> Findings => _findings;

    private void CountEffects(string kind, int number, IReadOnlyList<(string Effect, int Count)> effects, string? reason)
    {
        var (twice, missing) = (false, effects.Count == 0 && reason is not null);
        foreach (var (effect, count) in effects)
        {
            twice |= count > 1;
            missing |= count == 0;
            if (count != 1)
            {
                _findings.Add($"{WirePlan.OrderOf(number)} {kind}: {effect}: {count} times; {reason ?? "no reason is reported"}");
            }
        }

        var acted = !twice && !missing;
        Twice += twice ? 1 : 0;
        Unknown += !twice && missing && reason is not null ? 1 : 0;
        Lost += !twice && missing && reason is null ? 1 : 0;
        Acted += acted ? 1 : 0;
        var (events, before) = Kinds.GetValueOrDefault(kind);
        Kinds[kind] = (events + 1, before + (acted ? 1 : 0));
    }

    private void Note(WireReport report)
    {
        LongestShare = Math.Max(LongestShare, report.Outcome.Duration / report.Timeout);
        if (report.IsLate)
        {
            Late++;
            _findings.Add($"{WirePlan.OrderOf(report.Number)}: {report.Outcome.Duration} of {report.Timeout}: "
                + Encoding.UTF8.GetString(report.Outcome.Payload));
        }

        if (report.IsFalse)
        {
            False++;
            _findings.Add($"{WirePlan.OrderOf(report.Number)}: reported as done, and was not: "
                + Encoding.UTF8.GetString(report.Outcome.Payload));
        }
    }

    /// <summary>The error of the last delivery; null when it succeeded.</summary>
    private static string? ReasonOf(WireReport report) => report.Outcome.IsError
        ? JsonNode.Parse(report.Outcome.Payload)?["errorMessage"]?.ToString() ?? report.Outcome.ErrorType
        : null;
}
