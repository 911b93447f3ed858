namespace FastTrigger.Dispatch;

/// <summary>
/// Which items may still be started (C3.3). A message group, a shard and a partition are processed in order.
/// </summary>
internal struct ProcessingOrder(DeliveryWork work)
{
    private HashSet<string>? _stopped;

    public readonly bool MayStart(ItemResult item)
    {
        // What was done together with others has its outcome, however late it is. An event that comes alone says itself that no time is
        // left.
        if (item.IsBatched || (work.Items.Length == 1 && !work.Delivery.IsBatch))
        {
            return true;
        }

        return !work.MustExit && !work.End.HasPassed && (item.Item.Group is not { } group || _stopped?.Contains(group) != true);
    }

    public void Note(ItemResult item)
    {
        if (item.Item.Group is { } group && item.IsUndone && _stopped?.Contains(group) != true)
        {
            (_stopped ??= []).Add(group);
        }
    }
}
