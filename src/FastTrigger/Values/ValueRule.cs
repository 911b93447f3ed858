namespace FastTrigger.Values;

/// <summary>What may be written into a setting (C1.6).</summary>
internal enum ValueRule
{
    /// <summary>Anything: event text is data here.</summary>
    Anything,

    /// <summary>The environment, parameters and the route, never a word of the event.</summary>
    NoEvent,

    /// <summary>As <see cref="NoEvent"/>, and ${event.account}: whoever reads it checks the whole for the form of an ARN.</summary>
    Account,
}
