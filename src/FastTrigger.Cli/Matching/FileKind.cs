using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FastTrigger.Cli.Matching;

/// <summary>What stands behind a name: .NET does not tell a pipe or a device from a file.</summary>
internal static unsafe partial class FileKind
{
    /// <summary>The constants of Linux, and the place of stx_mode in struct statx (man7.org/linux/man-pages/man2/statx.2.html).</summary>
    private const int AtCurrentFolder = -100, StatxType = 1, StatxSize = 256, ModeOffset = 28, KindMask = 0xF000, Regular = 0x8000;

    /// <summary>Whether it can be read to its end. True for what is not there or cannot be asked: reading it says why.</summary>
    public static bool IsRegular(string path)
    {
        Span<byte> found = stackalloc byte[StatxSize];
        fixed (byte* target = found)
        {
            return Statx(AtCurrentFolder, path, 0, StatxType, target) != 0
                || (BinaryPrimitives.ReadUInt16LittleEndian(found[ModeOffset..]) & KindMask) == Regular;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* found);
}
