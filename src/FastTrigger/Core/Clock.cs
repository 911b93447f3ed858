namespace FastTrigger.Core;

/// <summary>The three clocks of the system. Only tests derive from this class, to move the time.</summary>
internal class Clock
{
    public static Clock System { get; } = new();

    /// <summary>The wall clock, in milliseconds since 1970 UTC.</summary>
    public virtual long UnixMs => Read(Libc.ClockRealtime);

    /// <summary>Never goes back, and stops while the machine is suspended. Deadlines use this clock.</summary>
    public virtual long MonotonicMs => Read(Libc.ClockMonotonic);

    /// <summary>Never goes back, and continues while the machine is suspended.</summary>
    public virtual long BootMs => Read(Libc.ClockBoottime);

    private static unsafe long Read(int clock)
    {
        Libc.TimeSpec time;
        _ = Libc.GetTime(clock, &time);
        return (time.Seconds * 1000) + (time.Nanoseconds / 1_000_000);
    }
}
