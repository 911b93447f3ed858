using FastTrigger.Core;

namespace FastTrigger.Runtime;

/// <summary>
/// The invocations that the loops of a process are working on. When a handler does not return, the process must end, and each of the others
/// is either finished or reported before that: what Lambda hears nothing of, it would report without a reason.
/// </summary>
internal sealed class InFlight(Clock clock)
{
    // Waited for with Monitor.
    private readonly object _lock = new();
    private readonly List<Invocation> _invocations = new(1);
    private bool _isEnding;

    /// <summary>False when the process is about to end: the invocation must be reported and not started.</summary>
    public bool TryAdd(Invocation invocation)
    {
        lock (_lock)
        {
            if (!_isEnding)
            {
                _invocations.Add(invocation);
            }

            return !_isEnding;
        }
    }

    /// <summary>The invocation was answered or reported. Returns unless the process is about to end: then no other is asked for.</summary>
    public void Remove(Invocation invocation)
    {
        lock (_lock)
        {
            _invocations.RemoveAll(taken => taken == invocation);
            Monitor.PulseAll(_lock);
            if (!_isEnding)
            {
                return;
            }
        }

        Park();
    }

    /// <summary>Keeps a loop from asking for more until the process ends.</summary>
    public static void Park() => Thread.Sleep(Timeout.Infinite);

    /// <summary>
    /// Takes out an invocation that was reported because its handler does not return. The first caller waits until the others are finished,
    /// each until its own deadline at the latest, and gets those that are not; for any further caller the process is ending already.
    /// </summary>
    /// <returns>What must be reported before the process ends; null when another caller ends it.</returns>
    public IReadOnlyList<Invocation>? End(Invocation abandoned)
    {
        lock (_lock)
        {
            _invocations.RemoveAll(taken => taken == abandoned);
            Monitor.PulseAll(_lock);
            if (_isEnding)
            {
                return null;
            }

            _isEnding = true;
            while (LongestLeft() is > 0 and var left)
            {
                Monitor.Wait(_lock, left);
            }

            return [.. _invocations];
        }
    }

    /// <summary>Milliseconds until the last of them must have been reported; 0 when there is none.</summary>
    private int LongestLeft()
    {
        // What is left for reporting.
        const int MarginMs = 100;
        var longest = 0L;
        foreach (var invocation in _invocations)
        {
            longest = Math.Max(longest, invocation.DeadlineMs - clock.UnixMs - MarginMs);
        }

        return (int)Math.Min(longest, int.MaxValue);
    }
}
