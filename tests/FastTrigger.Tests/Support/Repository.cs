namespace FastTrigger.Tests.Support;

/// <summary>The checkout that the tests were built from. Both test projects compile this file.</summary>
internal static class Repository
{
    /// <summary>The folder with FastTrigger.sln.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "FastTrigger.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd('/')) ?? throw new InvalidOperationException("FastTrigger.sln is not above the tests");
        }

        return folder;
    }
}
