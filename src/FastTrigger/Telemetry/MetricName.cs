namespace FastTrigger.Telemetry;

/// <summary>The metrics of an invocation, in their order. Those from Done to Failed are outcomes of actions.</summary>
internal enum MetricName
{
    /// <summary>The environment was initialised for this event.</summary>
    ColdStart,

    /// <summary>Milliseconds from the start of the program to its first request for an event.</summary>
    InitDuration,

    /// <summary>Records of a batch.</summary>
    BatchSize,

    /// <summary>Items that a route takes.</summary>
    Matched,

    /// <summary>Items that no route takes.</summary>
    Unmatched,

    /// <summary>Items whose sender a route did not let in.</summary>
    Refused,

    /// <summary>Items that had been done before, or stand twice in one batch.</summary>
    Duplicates,

    Done,
    Skipped,
    Retry,
    Failed,

    /// <summary>Attempts of AWS calls beyond the first.</summary>
    AwsRetries,

    /// <summary>Attempts that AWS throttled.</summary>
    Throttled,
}
