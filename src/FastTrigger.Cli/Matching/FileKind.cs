using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FastTrigger.Cli.Matching;

/// <summary>What stands behind a name: .NET does not tell a pipe or a device from a file, nor one file from another.</summary>
internal static unsafe partial class FileKind
{
    /// <summary>The constants of Linux, and the places of struct statx (man7.org/linux/man-pages/man2/statx.2.html).</summary>
    private const int AtCurrentFolder = -100, StatxType = 1, StatxInode = 0x100, StatxSize = 256, KindMask = 0xF000, Regular = 0x8000,
        ModeOffset = 28, InodeOffset = 32, DeviceOffset = 136;

    /// <summary>Whether it can be read to its end. True for what is not there or cannot be asked: reading it says why.</summary>
    public static bool IsRegular(string path)
    {
        Span<byte> found = stackalloc byte[StatxSize];
        return !Ask(path, found) || (BinaryPrimitives.ReadUInt16LittleEndian(found[ModeOffset..]) & KindMask) == Regular;
    }

    /// <summary>The number of a file and of its device, by whatever path; null for what is not there or cannot be asked.</summary>
    public static (ulong Inode, ulong Device)? Identity(string path)
    {
        Span<byte> found = stackalloc byte[StatxSize];
        return Ask(path, found) ? (Number(found, InodeOffset), Number(found, DeviceOffset)) : null;
    }

    private static ulong Number(ReadOnlySpan<byte> found, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(found[offset..]);

    private static bool Ask(string path, Span<byte> found)
    {
        fixed (byte* target = found)
        {
            return Statx(AtCurrentFolder, path, 0, StatxType | StatxInode, target) == 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* found);
}
