namespace FastTrigger.Cli.Chaos;

/// <summary>Judges events of a chaos run, and counts the verdicts.</summary>
/// <param name="share">
/// One in so many events may be unknown, and two more. Faults make a few unknown. A run where most events are unknown shows nothing.
/// </param>
internal sealed class ChaosVerdicts(int share)
{
    private readonly Dictionary<ChaosVerdict, int> _counts = [];

    public int Events { get; private set; }

    /// <summary>How many events have this verdict.</summary>
    public int this[ChaosVerdict verdict] => _counts.GetValueOrDefault(verdict);

    /// <summary>Says that too many events are unknown; null when they are not.</summary>
    public string? Problem => this[ChaosVerdict.Unknown] > MaxUnknown
        ? $"{this[ChaosVerdict.Unknown]} of {Events} events are unknown, and at most {MaxUnknown} may be"
        : null;

    public bool IsGood => Problem is null && this[ChaosVerdict.Acted] + this[ChaosVerdict.Unknown] == Events;

    private int MaxUnknown => 2 + (Events / share);

    /// <param name="count">How often the effect happened.</param>
    /// <param name="reason">What is reported instead of success; null for success.</param>
    public static ChaosVerdict Judge(int count, string? reason) => count switch
    {
        > 1 => ChaosVerdict.Twice,
        _ when reason?.Contains("may have", StringComparison.Ordinal) == false => ChaosVerdict.Failed,
        0 => reason is null ? ChaosVerdict.Lost : ChaosVerdict.Unknown,
        _ => ChaosVerdict.Acted,
    };

    /// <summary>The verdict of the worst effect of an event.</summary>
    /// <param name="subject">What a finding begins with.</param>
    /// <param name="findings">Gets one line for each effect that did not happen exactly once, or failed at last.</param>
    public static ChaosVerdict Judge(
        string subject,
        IEnumerable<(string Effect, int Count, string? Reason)> effects,
        List<string> findings)
    {
        var worst = ChaosVerdict.Acted;
        foreach (var (effect, count, reason) in effects)
        {
            var verdict = Judge(count, reason);
            worst = verdict > worst ? verdict : worst;
            if (verdict != ChaosVerdict.Acted)
            {
                findings.Add($"{subject}: {effect}: {count} times; {reason ?? "no reason is reported"}");
            }
        }

        return worst;
    }

    public void Add(ChaosVerdict verdict)
    {
        Events++;
        _counts[verdict] = this[verdict] + 1;
    }

    public override string ToString() =>
        $"acted {this[ChaosVerdict.Acted]} unknown {this[ChaosVerdict.Unknown]} failed {this[ChaosVerdict.Failed]} "
        + $"twice {this[ChaosVerdict.Twice]} lost {this[ChaosVerdict.Lost]}";
}
