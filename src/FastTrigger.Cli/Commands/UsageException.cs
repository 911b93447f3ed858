namespace FastTrigger.Cli.Commands;

/// <summary>
/// An invalid command line, or a file that is missing or wrong. The message goes to standard error. Its second line, if it has one, says
/// what would be right.
/// </summary>
internal sealed class UsageException(string message) : Exception(message)
{
    public int ExitCode { get; init; } = 2;
}
