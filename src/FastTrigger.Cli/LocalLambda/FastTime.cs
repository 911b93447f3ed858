namespace FastTrigger.Cli.LocalLambda;

/// <summary>A clock that runs a thousand times as fast: a delay of one minute takes 60 ms.</summary>
internal sealed class FastTime : TimeProvider
{
    private const int Factor = 1_000;

    private readonly DateTimeOffset _started = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _started + ((System.GetUtcNow() - _started) * Factor);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Fast(dueTime), Fast(period));

    private static TimeSpan Fast(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / Factor;
}
