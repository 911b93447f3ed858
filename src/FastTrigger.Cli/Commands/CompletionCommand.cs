using System.CommandLine;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger completion: the script by which a shell completes commands, options, values, samples and files.</summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "The shell that reads the script: bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", """
            Print a script for a shell. With it, the Tab key completes commands, options and their values, samples and files.

            Examples:
              source <(fasttrigger completion bash)
              source <(fasttrigger completion zsh)
              fasttrigger completion fish | source
            """) { shell };
        command.SetAction(parsed => Console.Out.Write(Script(parsed.GetValue(shell)!)));
        return command;
    }

    private static string Script(string shell)
    {
        using var stream = typeof(CompletionCommand).Assembly.GetManifestResourceStream($"FastTrigger.Cli.Completion.{shell}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
