namespace FastTrigger.Core;

/// <summary>The moment after which nobody waits for an answer any more.</summary>
internal readonly struct Deadline
{
    private readonly Clock? _clock;
    private readonly long _at;

    private Deadline(Clock clock, long at)
    {
        _clock = clock;
        _at = at;
    }

    /// <summary>No deadline: waiting for /next may take hours, because the environment may be frozen.</summary>
    public static Deadline Never => default;

    /// <summary>Milliseconds left, never below 0; -1 for <see cref="Never"/>, which is also what poll(2) takes.</summary>
    public int RemainingMs => _clock is null ? -1 : (int)Math.Clamp(_at - _clock.MonotonicMs, 0, int.MaxValue);

    public bool HasPassed => RemainingMs == 0;

    public static Deadline In(Clock clock, long milliseconds) => new(clock, clock.MonotonicMs + milliseconds);

    /// <summary>This deadline or one that many milliseconds from now, whichever comes first.</summary>
    public Deadline AtMost(Clock clock, long milliseconds)
    {
        var other = In(clock, milliseconds);
        return _clock is null || other._at < _at ? other : this;
    }
}
