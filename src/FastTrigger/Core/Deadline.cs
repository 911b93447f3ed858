namespace FastTrigger.Core;

/// <summary>The time at which the caller stops waiting for an answer.</summary>
internal readonly struct Deadline
{
    private readonly Clock? _clock;
    private readonly long _at;

    private Deadline(Clock clock, long at)
    {
        _clock = clock;
        _at = at;
    }

    /// <summary>No deadline. A call of /next may take hours, because Lambda may freeze the environment.</summary>
    public static Deadline Never => default;

    /// <summary>Milliseconds left, never below 0; -1 for <see cref="Never"/>, as poll(2) expects it.</summary>
    public int RemainingMs => _clock is null ? -1 : (int)Math.Clamp(_at - _clock.MonotonicMs, 0, int.MaxValue);

    public bool HasPassed => RemainingMs == 0;

    public static Deadline In(Clock clock, long milliseconds) => new(clock, clock.MonotonicMs + milliseconds);

    /// <summary>That many milliseconds before this one.</summary>
    public Deadline Earlier(int milliseconds) => _clock is null ? this : new(_clock, _at - milliseconds);

    /// <summary>The earlier of this deadline and a deadline in this many milliseconds.</summary>
    public Deadline AtMost(Clock clock, long milliseconds)
    {
        var other = In(clock, milliseconds);
        return _clock is null || other._at < _at ? other : this;
    }
}
