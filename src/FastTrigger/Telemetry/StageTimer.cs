using System.Globalization;
using FastTrigger.Core;

namespace FastTrigger.Telemetry;

/// <summary>
/// Where a start's time goes, for whoever asks by FASTTRIGGER_STAGES: microseconds of each stage up to the first event's end, as one line on
/// standard error. Its value is the monotonic clock at exec in nanoseconds, with which the time before Main is told too, or anything else.
/// Without it there is no timer and nothing is asked of a clock.
/// </summary>
internal sealed class StageTimer
{
    private readonly ByteBuffer _line = new ByteBuffer(256).Append("fasttrigger-stages"u8);
    private long _last;

    private StageTimer(long exec) => _last = exec;

    /// <summary>Null when nobody asks. Called first thing in Main.</summary>
    public static StageTimer? Start(Func<string, string?> variable)
    {
        if (variable("FASTTRIGGER_STAGES") is not { } text)
        {
            return null;
        }

        var now = Now();
        var given = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var exec) && exec > 1_000_000 && exec <= now;
        var timer = new StageTimer(given ? exec : now);
        if (given)
        {
            timer.Mark("before-main"u8);
        }

        return timer;
    }

    /// <summary>The stage that ends here.</summary>
    public void Mark(ReadOnlySpan<byte> stage)
    {
        var now = Now();
        _line.Append((byte)' ').Append(stage).Append((byte)'=').Append((now - _last) / 1_000);
        // What the mark itself took belongs to no stage.
        _last = Now();
    }

    public void Write() => Libc.WriteAll(2, _line.Append((byte)'\n').Span);

    private static unsafe long Now()
    {
        Libc.TimeSpec time;
        _ = Libc.GetTime(Libc.ClockMonotonic, &time);
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }
}
