namespace FastTrigger.Actions;

/// <summary>The call for one item of a batch. Calls with the same key differ only in their targets, and are made as one.</summary>
/// <param name="key">The call without its targets.</param>
/// <param name="targets">The targets of this item.</param>
/// <param name="maxTargets">How many targets one call takes.</param>
internal abstract class BatchableCall(string key, List<string> targets, int maxTargets)
{
    public string Key => key;

    public List<string> Targets => targets;

    public int MaxTargets => maxTargets;

    /// <summary>Whether two items may name the same target in one call, because repeating the call changes nothing.</summary>
    public abstract bool MayOverlap { get; }

    /// <summary>Makes the call for this item alone.</summary>
    public abstract ActionResult Alone();

    /// <summary>Makes the call for all of these targets.</summary>
    public abstract ActionResult Call(List<string> targets);
}
