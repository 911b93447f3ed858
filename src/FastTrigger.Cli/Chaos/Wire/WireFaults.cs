using System.Collections.Concurrent;

namespace FastTrigger.Cli.Chaos.Wire;

/// <summary>The faults that wait for bytes to pass, in their order. Several proxies may share them.</summary>
/// <param name="spares">Whether a fault must not befall this piece. It then waits for another one.</param>
internal sealed class WireFaults(Func<WireFault, ReadOnlyMemory<byte>, bool>? spares = null)
{
    private readonly Lock _lock = new();
    private readonly List<WireFault> _armed = [];

    /// <summary>How often each kind happened.</summary>
    public ConcurrentDictionary<WireFaultKind, int> Happened { get; } = new();

    public void Arm(WireFault fault)
    {
        lock (_lock)
        {
            _armed.Add(fault);
        }
    }

    public void Forget()
    {
        lock (_lock)
        {
            _armed.Clear();
        }
    }

    /// <summary>The fault of a piece; null when it passes unharmed.</summary>
    /// <param name="isKept">Whether the connection has carried an answer before.</param>
    public WireFault? Take(bool onAnswer, bool isKept, ReadOnlyMemory<byte> piece)
    {
        lock (_lock)
        {
            var at = _armed.FindIndex(fault => fault.OnAnswer == onAnswer
                && (isKept || fault.Kind is not (WireFaultKind.ResetIdle or WireFaultKind.CloseIdle))
                && spares?.Invoke(fault, piece) != true);
            if (at < 0)
            {
                return null;
            }

            var fault = _armed[at];
            _armed.RemoveAt(at);
            Happened.AddOrUpdate(fault.Kind, 1, static (_, count) => count + 1);
            return fault;
        }
    }
}
