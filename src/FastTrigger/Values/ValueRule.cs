namespace FastTrigger.Values;

/// <summary>Which values a setting may contain (C1.6).</summary>
internal enum ValueRule
{
    /// <summary>Any value. Text from an event is data here.</summary>
    Anything,

    /// <summary>Environment variables, parameters and the route, but no text from an event.</summary>
    NoEvent,

    /// <summary>As <see cref="NoEvent"/>, and ${event.account}. The reader checks that the result has the form of an ARN.</summary>
    Account,
}
