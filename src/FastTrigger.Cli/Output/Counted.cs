namespace FastTrigger.Cli.Output;

/// <summary>A number and what is counted.</summary>
internal static class Counted
{
    /// <param name="noun">Its plural ends with an s.</param>
    public static string Of(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
