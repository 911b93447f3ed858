using FastTrigger.Core;

namespace FastTrigger.Tests.Support;

/// <summary>The system clocks with offsets that a test sets.</summary>
internal sealed class TestClock : Clock
{
    public long WallOffsetMs { get; set; }

    public long BootOffsetMs { get; set; }

    public override long UnixMs => base.UnixMs + WallOffsetMs;

    public override long BootMs => base.BootMs + BootOffsetMs;
}
