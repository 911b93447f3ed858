using FastTrigger.Core;
using FastTrigger.Events;
using FastTrigger.Runtime;

namespace FastTrigger.Dispatch;

/// <summary>One delivery on its way through the steps.</summary>
internal sealed class DeliveryWork
{
    public required Invocation Invocation { get; init; }

    public required Delivery Delivery { get; init; }

    public required ItemResult[] Items { get; init; }

    /// <summary>When the work must have ended, early enough that its outcome can still be reported.</summary>
    public required Deadline End { get; init; }

    /// <summary>When it started, by the monotonic clock.</summary>
    public required long StartedMs { get; init; }

    /// <summary>Whether the credentials have expired: a fresh environment must take over (C5.4).</summary>
    public bool MustExit { get; set; }
}
