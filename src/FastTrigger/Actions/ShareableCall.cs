namespace FastTrigger.Actions;

/// <summary>A call that others of the same key may be made in one with: they differ in nothing but whom they befall.</summary>
/// <param name="key">What is called, with all it says.</param>
/// <param name="members">Whom this item's share befalls.</param>
/// <param name="most">How many one call takes.</param>
internal abstract class ShareableCall(string key, List<string> members, int most)
{
    public string Key => key;

    public List<string> Members => members;

    public int Most => most;

    /// <summary>Whether a member that two items have may stand in one call, because doing it twice is doing it once.</summary>
    public abstract bool MayOverlap { get; }

    /// <summary>Does it for this item, as if there were no others.</summary>
    public abstract ActionResult Alone();

    /// <summary>Does it for all of these.</summary>
    public abstract ActionResult Call(List<string> members);
}
