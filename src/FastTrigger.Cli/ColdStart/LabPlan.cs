namespace FastTrigger.Cli.ColdStart;

/// <summary>Something whose start is measured.</summary>
/// <param name="Command">Program and arguments; {url} and {ca} are the local AWS's address and authority.</param>
/// <param name="IsFunction">Whether it is a custom runtime, measured to its answer; else any program, measured to its exit.</param>
internal sealed record Candidate(string Name, IReadOnlyList<string> Command, bool IsFunction);

/// <summary>Under which limits it is measured.</summary>
/// <param name="Megabytes">The memory size whose share of a processor is imitated; null for no limit.</param>
/// <param name="InitBoost">Whether the limit begins with the first GET next, as Lambda's does.</param>
/// <param name="SliceSpent">Whether the event comes when the share of the current period is used up already.</param>
internal sealed record Condition(int? Megabytes, bool InitBoost = true, bool SliceSpent = false)
{
    public string Name => Megabytes is not { } size ? "no limit" : $"{size} MB{(InitBoost ? "" : ", INIT limited too")}{(SliceSpent ? ", slice spent" : "")}";
}

/// <summary>One experiment.</summary>
internal sealed record LabPlan
{
    public required string EventFile { get; init; }

    public required string RoutesFile { get; init; }

    public required IReadOnlyList<Candidate> Candidates { get; init; }

    public required IReadOnlyList<Condition> Conditions { get; init; }

    /// <summary>Fresh processes of each candidate under each condition.</summary>
    public required int Count { get; init; }

    /// <summary>Warm invocations of each process that is measured for them, without a limit.</summary>
    public required int Warm { get; init; }

    /// <summary>Whether the stages of our own start are asked for.</summary>
    public required bool Stages { get; init; }

    /// <summary>Whether the programs' files are dropped from the page cache before each start.</summary>
    public required bool Evict { get; init; }
}

/// <summary>One fresh process. Times in milliseconds; what does not apply is null.</summary>
internal sealed record Sample
{
    public double? ExecToNext { get; init; }

    public double? NextToResponse { get; init; }

    /// <summary>The two together; for a program that is no function, to its exit.</summary>
    public required double Total { get; init; }

    /// <summary>Processor time from the answer of GET next to POST response.</summary>
    public double? InvocationProcessor { get; init; }

    /// <summary>Processor time of the whole process.</summary>
    public double? Processor { get; init; }

    public long? PeakKib { get; init; }

    public int? Threads { get; init; }

    public long? MinorFaults { get; init; }

    public long? MajorFaults { get; init; }

    /// <summary>From the answer of GET next to POST response of each warm invocation, in microseconds.</summary>
    public IReadOnlyList<double> WarmMicroseconds { get; init; } = [];
}

/// <summary>All samples of one candidate under one condition, in the order of the rounds.</summary>
internal sealed record LabSeries(Candidate Candidate, Condition Condition)
{
    public List<Sample> Samples { get; } = [];

    public IEnumerable<double> Values(Func<Sample, double?> metric) => Samples.Select(metric).OfType<double>();
}
