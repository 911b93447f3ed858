using System.Globalization;
using FastTrigger.Core;

namespace FastTrigger.Telemetry;

/// <summary>
/// Measures the stages of a cold start when FASTTRIGGER_STAGES is set. It writes the microseconds of each stage, up to the end of the
/// first event, as one line to standard error. The value of the variable may be the monotonic clock at exec, in nanoseconds; then the
/// line also has the time before Main. Without the variable there is no timer, and no clock is read.
/// </summary>
internal sealed class StageTimer
{
    private readonly ByteBuffer _line = new ByteBuffer(256).Append("fasttrigger-stages"u8);
    private long _last;

    private StageTimer(long exec) => _last = exec;

    /// <summary>Starts the timer, as the first call in Main; null when the variable is not set.</summary>
    public static StageTimer? Start(Func<string, string?> variable)
    {
        if (variable("FASTTRIGGER_STAGES") is not { } text)
        {
            return null;
        }

        var now = Now();
        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var exec);
        var isExecTime = isNumber && exec > 1_000_000 && exec <= now;
        var timer = new StageTimer(isExecTime ? exec : now);
        if (isExecTime)
        {
            timer.Mark("before-main"u8);
        }

        return timer;
    }

    /// <summary>Ends a stage.</summary>
    public void Mark(ReadOnlySpan<byte> stage)
    {
        var now = Now();
        _line.Append((byte)' ').Append(stage).Append((byte)'=').Append((now - _last) / 1_000);
        // The time of the mark itself does not belong to any stage.
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
