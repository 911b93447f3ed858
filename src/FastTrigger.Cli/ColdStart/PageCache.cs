namespace FastTrigger.Cli.ColdStart;

/// <summary>Drops files from the page cache, so that a start reads them from disk as in a new environment.</summary>
internal static class PageCache
{
    /// <summary>The kernel keeps files that other processes map, such as libc.</summary>
    public static void Evict(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            using var handle = File.OpenHandle(file);
            _ = Native.Advise((int)handle.DangerousGetHandle(), 0, 0, Native.DontNeed);
        }
    }

    /// <summary>The files of a command: its program, the arguments that are files, and the other files in their folders.</summary>
    public static IReadOnlyList<string> FilesOf(IReadOnlyList<string> command)
    {
        var named = command.Where(File.Exists).Select(Path.GetFullPath).ToList();
        var neighbours = named
            .Select(file => Path.GetDirectoryName(file)!)
            .Where(folder => !folder.StartsWith("/usr", StringComparison.Ordinal) && folder != "/bin")
            .Distinct()
            .SelectMany(folder => Directory.EnumerateFiles(folder));
        return [.. named.Concat(neighbours).Distinct()];
    }
}
