namespace FastTrigger.Tests.Support;

/// <summary>The repository that the tests are built from. Both test projects compile this file.</summary>
internal static class Repository
{
    /// <summary>The folder that contains FastTrigger.sln.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "FastTrigger.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd('/'))
                ?? throw new InvalidOperationException("No folder above the tests contains FastTrigger.sln.");
        }

        return folder;
    }
}
