namespace FastTrigger.Cli.Chaos.Wire;

/// <summary>What a wire does to one piece of bytes that passes.</summary>
internal enum WireFaultKind
{
    /// <summary>Both connections are reset after some bytes of the piece, or none, or all.</summary>
    Reset,

    /// <summary>The rest of this direction does not arrive, and the receiver sees its end. The other direction goes on.</summary>
    HalfClose,

    /// <summary>The piece waits.</summary>
    Delay,

    /// <summary>One bit is another.</summary>
    Corrupt,

    /// <summary>Only the first part of the piece arrives, and then both connections are closed.</summary>
    Truncate,

    /// <summary>The server gets the piece twice: a request of plain HTTP by another connection, TLS by the same one.</summary>
    Duplicate,

    /// <summary>Each byte is a packet of its own.</summary>
    Split,

    /// <summary>The piece waits for the next one, and both arrive as one.</summary>
    Join,

    /// <summary>A kept connection turns out to be reset when the next request uses it.</summary>
    ResetIdle,

    /// <summary>A kept connection turns out to be closed when the next request uses it.</summary>
    CloseIdle,
}

/// <summary>A fault for the next piece of one direction.</summary>
/// <param name="OnAnswer">Whether it is for bytes of the server; else for bytes of the client.</param>
/// <param name="Position">Where in the piece, from 0 for its first byte to 1 for its last.</param>
/// <param name="Bit">Which bit of that byte is corrupted.</param>
internal sealed record WireFault(WireFaultKind Kind, bool OnAnswer, double Position = 0, int Milliseconds = 0, int Bit = 0);
