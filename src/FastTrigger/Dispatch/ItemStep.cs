namespace FastTrigger.Dispatch;

/// <summary>One step of the way, for one item.</summary>
/// <param name="doing">What the step does to an item, for the report of a bug: "matching".</param>
internal abstract class ItemStep(string doing)
{
    public void Run(DeliveryWork work, ItemResult item)
    {
        try
        {
            Do(work, item);
        }
        // The fence: a bug that one record meets is the failure of that record, and never of its batch.
        catch (Exception e)
        {
            item.Fault(doing, e);
        }
    }

    protected abstract void Do(DeliveryWork work, ItemResult item);
}
