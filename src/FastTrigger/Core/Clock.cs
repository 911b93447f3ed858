namespace FastTrigger.Core;

/// <summary>The three clocks that decisions are made by. Tests move them; nothing else derives from this.</summary>
internal class Clock
{
    public static Clock System { get; } = new();

    /// <summary>Wall clock, milliseconds since 1970 UTC.</summary>
    public virtual long UnixMs => Read(Libc.ClockRealtime);

    /// <summary>Never set back and stands still while the machine is suspended: what deadlines are counted by.</summary>
    public virtual long MonotonicMs => Read(Libc.ClockMonotonic);

    /// <summary>Never set back and goes on while the machine is suspended.</summary>
    public virtual long BootMs => Read(Libc.ClockBoottime);

    private static unsafe long Read(int clock)
    {
        Libc.TimeSpec time;
        _ = Libc.GetTime(clock, &time);
        return (time.Seconds * 1000) + (time.Nanoseconds / 1_000_000);
    }
}
