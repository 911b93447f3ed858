namespace FastTrigger.Values;

/// <summary>What may be written into a setting (C1.6).</summary>
internal enum ValueRule
{
    /// <summary>Anything: event text is data here.</summary>
    Anything,

    /// <summary>The environment and the route, never a word of the event.</summary>
    NoEvent,
}
