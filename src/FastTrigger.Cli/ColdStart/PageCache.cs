namespace FastTrigger.Cli.ColdStart;

/// <summary>Drops files from the page cache, so that a start reads them from disk as a new environment does.</summary>
internal static class PageCache
{
    /// <summary>Files that other processes have mapped, such as libc, stay: the kernel does not drop those.</summary>
    public static void Evict(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            using var handle = File.OpenHandle(file);
            _ = Native.Advise((int)handle.DangerousGetHandle(), 0, 0, Native.DontNeed);
        }
    }

    /// <summary>The files that a command is made of: its program, the arguments that are files, and what lies beside those.</summary>
    public static IReadOnlyList<string> FilesOf(IReadOnlyList<string> command)
    {
        var named = command.Where(File.Exists).Select(Path.GetFullPath).ToList();
        var beside = named.Select(file => Path.GetDirectoryName(file)!).Where(folder => !folder.StartsWith("/usr", StringComparison.Ordinal) && folder != "/bin").Distinct()
            .SelectMany(folder => Directory.EnumerateFiles(folder));
        return [.. named.Concat(beside).Distinct()];
    }
}
