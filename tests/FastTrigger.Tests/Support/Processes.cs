namespace FastTrigger.Tests.Support;

/// <summary>The processes of this machine.</summary>
internal static class Processes
{
    /// <summary>How many have a command line that begins like this.</summary>
    public static int Count(string commandLine) => Directory.GetDirectories("/proc").Count(process =>
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
            return text.StartsWith(commandLine, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
