using System.Text;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Chaos.Wire;

/// <summary>The effects of the events as the servers have them, compared with what the invocations reported.</summary>
internal sealed class WireTally
{
    private readonly List<string> _findings = [];

    /// <param name="violations">How the function broke the protocol of the Runtime API.</param>
    public WireTally(
        WirePlan plan,
        WireEffects effects,
        IReadOnlyCollection<WireReport> reports,
        IEnumerable<string> violations)
    {
        Invocations = reports.Count;
        var byEvent = reports.ToLookup(static report => report.Number);
        for (var number = 0; number < plan.Events; number++)
        {
            var kind = plan.KindOf(number);
            Judge(kind, number, effects.Count(number), ReasonOf(byEvent[number].Single(static report => report.IsLast)));
            if (kind == WirePlan.Checked)
            {
                CompareChecks(number, byEvent[number].Count(static report => !report.Outcome.IsError), effects.Checks(number));
            }
        }

        foreach (var report in reports)
        {
            Errors[report.Outcome.ErrorType ?? "none"] = Errors.GetValueOrDefault(report.Outcome.ErrorType ?? "none") + 1;
            Note(report);
        }

        foreach (var violation in violations)
        {
            Violations++;
            _findings.Add($"the Runtime API: {violation}");
        }

        AddProblem("all kinds", Verdicts);
        foreach (var (kind, verdicts) in Kinds)
        {
            AddProblem(kind, verdicts);
        }
    }

    public int Invocations { get; }

    public ChaosVerdicts Verdicts { get; } = new(share: 10);

    /// <summary>The verdicts of each kind. Calls are one kind in nine: were only all events compared, each call could be unknown.</summary>
    public SortedDictionary<string, ChaosVerdicts> Kinds { get; } = [];

    /// <summary>How many invocations ended with each type of error; "none" is success.</summary>
    public SortedDictionary<string, int> Errors { get; } = [];

    /// <summary>Invocations that reported as done what had not happened.</summary>
    public int False { get; private set; }

    /// <summary>Invocations that were still at work when their time was over.</summary>
    public int Late { get; private set; }

    public int Violations { get; private set; }

    /// <summary>The largest part of its time that an invocation took.</summary>
    public double LongestShare { get; private set; }

    public bool IsGood => False + Late + Violations == 0 && Verdicts.IsGood && Kinds.Values.All(static verdicts => verdicts.IsGood);

    /// <summary>One line for each effect that did not happen exactly once or failed at last, and for each rule that was broken.</summary>
    public IReadOnlyList<string> Findings => _findings;

    private void Judge(string kind, int number, IReadOnlyList<(string Effect, int Count)> effects, string? reason)
    {
        var worst = ChaosVerdicts.Judge(
            $"{WirePlan.OrderOf(number)} {kind}",
            effects.Select(one => (one.Effect, one.Count, reason)),
            _findings);
        Verdicts.Add(worst);
        if (!Kinds.TryGetValue(kind, out var verdicts))
        {
            Kinds[kind] = verdicts = new(share: 4);
        }

        verdicts.Add(worst);
    }

    private void CompareChecks(int number, int done, int requests)
    {
        if (done > requests)
        {
            False += done - requests;
            _findings.Add($"{WirePlan.OrderOf(number)}: {done} checks are reported as done, and the website received {requests} requests");
        }
    }

    private void AddProblem(string kind, ChaosVerdicts verdicts)
    {
        if (verdicts.Problem is { } problem)
        {
            _findings.Add($"{kind}: {problem}");
        }
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
