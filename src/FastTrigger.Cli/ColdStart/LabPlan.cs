namespace FastTrigger.Cli.ColdStart;

/// <summary>A program whose start is measured.</summary>
/// <param name="Command">Program and arguments. {url} and {ca} are the address and the certificate authority of the local AWS.</param>
/// <param name="IsFunction">True for a custom runtime, measured to its response. Else any program, measured to its exit.</param>
internal sealed record Candidate(string Name, IReadOnlyList<string> Command, bool IsFunction);

/// <summary>The limits of a measurement.</summary>
/// <param name="Megabytes">The memory size whose share of a processor is simulated; null for no limit.</param>
/// <param name="InitBoost">Whether the limit starts with the first GET next, as in Lambda.</param>
/// <param name="SliceSpent">Whether the event arrives when the share of the current period is used up.</param>
internal sealed record Condition(int? Megabytes, bool InitBoost = true, bool SliceSpent = false)
{
    public string Name => Megabytes is { } size
        ? $"{size} MB{(InitBoost ? "" : ", INIT limited too")}{(SliceSpent ? ", slice spent" : "")}"
        : "no limit";
}

/// <summary>The settings of one experiment.</summary>
internal sealed record LabPlan
{
    public required string EventFile { get; init; }

    public required string RoutesFile { get; init; }

    public required IReadOnlyList<Candidate> Candidates { get; init; }

    public required IReadOnlyList<Condition> Conditions { get; init; }

    /// <summary>The number of fresh processes of each candidate under each condition.</summary>
    public required int Count { get; init; }

    /// <summary>The number of warm invocations of a process; 0 for none. They run without a limit.</summary>
    public required int Warm { get; init; }

    /// <summary>Whether the stages of FastTrigger's start are measured.</summary>
    public required bool Stages { get; init; }

    /// <summary>Whether the files of the programs are dropped from the page cache before each start.</summary>
    public required bool Evict { get; init; }
}

/// <summary>The measurements of one fresh process, times in milliseconds. A value that does not apply is null.</summary>
internal sealed record Sample
{
    public double? ExecToNext { get; init; }

    public double? NextToResponse { get; init; }

    /// <summary>From exec to POST response; for a program that is no function, to its exit.</summary>
    public required double Total { get; init; }

    /// <summary>Processor time from the answer to GET next until POST response.</summary>
    public double? InvocationProcessor { get; init; }

    /// <summary>Processor time of the whole process.</summary>
    public double? Processor { get; init; }

    public long? PeakKib { get; init; }

    public int? Threads { get; init; }

    public long? MinorFaults { get; init; }

    public long? MajorFaults { get; init; }

    /// <summary>The time from the answer to GET next until POST response of each warm invocation, in microseconds.</summary>
    public IReadOnlyList<double> WarmMicroseconds { get; init; } = [];
}

/// <summary>All samples of one candidate under one condition, in the order of the rounds.</summary>
internal sealed record LabSeries(Candidate Candidate, Condition Condition)
{
    public List<Sample> Samples { get; } = [];

    public IEnumerable<double> Values(Func<Sample, double?> metric) => Samples.Select(metric).OfType<double>();
}
