namespace FastTrigger.Cli.Commands;

/// <summary>An invalid command line or a missing file. The message goes to standard error, and the exit code is 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
