namespace FastTrigger.Cli.Chaos;

/// <summary>What became of an effect of an event. An event has the verdict of its worst effect: the last one in this order.</summary>
internal enum ChaosVerdict
{
    /// <summary>It happened exactly once.</summary>
    Acted,

    /// <summary>It did not happen, and it is reported that it may have.</summary>
    Unknown,

    /// <summary>The last delivery, which no fault disturbed, failed for a known reason.</summary>
    Failed,

    /// <summary>It did not happen, and nothing reports that.</summary>
    Lost,

    /// <summary>It happened more than once.</summary>
    Twice,
}
