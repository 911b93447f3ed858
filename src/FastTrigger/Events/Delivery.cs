namespace FastTrigger.Events;

/// <summary>What an invocation brought: one event, or a batch of records of which each is done or comes again.</summary>
internal readonly record struct Delivery(IReadOnlyList<Item> Items, bool IsBatch)
{
    public static Delivery Of(Item item) => new([item], IsBatch: false);
}
