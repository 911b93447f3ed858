namespace FastTrigger.Cli.LocalLambda;

/// <summary>A clock that runs a thousand times as fast: a minute's wait is over in 60 ms, and for everybody who asks a minute has passed.</summary>
internal sealed class FastTime : TimeProvider
{
    private const int Factor = 1_000;

    private readonly DateTimeOffset _began = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _began + ((System.GetUtcNow() - _began) * Factor);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Fast(dueTime), Fast(period));

    private static TimeSpan Fast(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / Factor;
}
