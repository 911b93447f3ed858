using FastTrigger.Cli.Matching;
using Microsoft.Win32.SafeHandles;

namespace FastTrigger.Cli.ColdStart;

/// <summary>Drops files from the page cache, so that a start reads them from disk as in a new environment.</summary>
internal static class PageCache
{
    /// <summary>The kernel keeps files that other processes map, such as libc.</summary>
    public static void Evict(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            using var handle = OpenDropped(file);
        }
    }

    /// <summary>
    /// Lets the cache hold files as after a read from disk. As it was written, a file stands there in small or in large pieces, and a start
    /// from small ones takes up to 1.15 times as long.
    /// </summary>
    public static void ReadAgain(IEnumerable<string> files)
    {
        var buffer = new byte[1024 * 1024];
        foreach (var file in files)
        {
            try
            {
                ReadAgain(file, buffer);
            }
            catch (UnauthorizedAccessException)
            {
                // It may be run and not be read. Then it stays as it is.
            }
        }
    }

    /// <summary>The program of a command, and the arguments that are files.</summary>
    public static IReadOnlyList<string> NamedBy(IReadOnlyList<string> command) =>
        [.. command.Where(static part => File.Exists(part) && FileKind.IsRegular(part)).Select(Path.GetFullPath).Distinct()];

    /// <summary>The files of a command: its program, the arguments that are files, and the other files in their folders.</summary>
    public static IReadOnlyList<string> FilesOf(IReadOnlyList<string> command)
    {
        var named = NamedBy(command);
        var neighbours = named
            .Select(file => Path.GetDirectoryName(file)!)
            .Where(folder => !folder.StartsWith("/usr", StringComparison.Ordinal) && folder != "/bin")
            .Distinct()
            .SelectMany(folder => Directory.EnumerateFiles(folder));
        return [.. named.Concat(neighbours).Distinct()];
    }

    private static void ReadAgain(string file, byte[] buffer)
    {
        using var handle = OpenDropped(file);
        for (long at = 0, count = 1; count > 0; at += count)
        {
            count = RandomAccess.Read(handle, buffer, at);
        }
    }

    private static SafeFileHandle OpenDropped(string file)
    {
        var handle = File.OpenHandle(file);
        // Only what is on the disk can be dropped.
        _ = Native.Sync((int)handle.DangerousGetHandle());
        _ = Native.Advise((int)handle.DangerousGetHandle(), 0, 0, Native.DontNeed);
        return handle;
    }
}
