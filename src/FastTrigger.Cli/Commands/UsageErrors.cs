using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using FastTrigger.Json;

namespace FastTrigger.Cli.Commands;

/// <summary>What is wrong with a command line, in two lines: the error, and what would be right.</summary>
internal static class UsageErrors
{
    /// <summary>A fault of this tool, in two lines for whoever reports it.</summary>
    public static string Unexpected(Exception e)
    {
        var place = e.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("FastTrigger", StringComparison.Ordinal))?.Trim();
        var message = e.Message.ReplaceLineEndings(" ");
        return $"a fault of fasttrigger itself: {e.GetType().Name}: {message}\nplease report it, with the command: {place}";
    }

    /// <summary>Null when nothing is wrong.</summary>
    public static string? Describe(ParseResult parsed)
    {
        var isError = parsed.Action is ParseErrorAction;
        if (UnknownOption(parsed, isError) is { } option)
        {
            return Unknown(parsed.CommandResult, option);
        }

        if (!isError)
        {
            return null;
        }

        var (command, path) = (parsed.CommandResult, PathOf(parsed.CommandResult));
        if (parsed.UnmatchedTokens.Count > 0)
        {
            return Unknown(command, parsed.UnmatchedTokens[0]);
        }

        var missing = command.Command.Arguments.FirstOrDefault(argument =>
            argument.Arity.MinimumNumberOfValues > 0 && command.GetResult(argument) is not { Tokens.Count: > 0 });
        var error = missing is not null ? $"{path} needs {missing.Name}: {missing.Description}"
            : command.Parent is null && command.Tokens.Count == 0 ? $"{path} needs a command"
            : $"{path}: {string.Join(' ', parsed.Errors[0].Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}";
        return $"{error}\nsee {path} --help";
    }

    /// <summary>
    /// An option that no command has. Where a command takes any number of files, the parser takes it for one of them.
    /// </summary>
    private static string? UnknownOption(ParseResult parsed, bool isError)
    {
        var asFile = parsed.CommandResult.Tokens.FirstOrDefault(token =>
            token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal));
        return asFile?.Value ?? (isError ? parsed.UnmatchedTokens.FirstOrDefault(token => token.StartsWith('-')) : null);
    }

    private static string Unknown(CommandResult result, string token)
    {
        var (command, path) = (result.Command, PathOf(result));
        if (token.StartsWith('-'))
        {
            var options = command.Options.Concat(OptionsOfParents(result)).Select(option => option.Name);
            return $"{path} has no option {token}\n{NearName.Hint(token, options, $"see {path} --help")}";
        }

        return command.Subcommands.Count == 0
            ? $"{path} does not take '{token}'\nsee {path} --help"
            : $"{path} has no command '{token}'\n"
                + NearName.Hint(token, command.Subcommands.Select(inner => inner.Name), $"see {path} --help");
    }

    /// <summary>The message with a second line that names the help, unless it has one, or is about the content of a file.</summary>
    public static string WithHelp(UsageException e, ParseResult parsed) =>
        e.ExitCode != 2 || e.Message.Contains('\n') ? e.Message : $"{e.Message}\nsee {PathOf(parsed.CommandResult)} --help";

    private static IEnumerable<Option> OptionsOfParents(CommandResult command) =>
        Parents(command).SelectMany(parent => parent.Command.Options).Where(option => option.Recursive);

    private static string PathOf(CommandResult command)
    {
        var names = Parents(command).Select(parent => parent.Parent is null ? "fasttrigger" : parent.Command.Name);
        return string.Join(' ', names.Reverse().Append(command.Parent is null ? "fasttrigger" : command.Command.Name));
    }

    private static IEnumerable<CommandResult> Parents(CommandResult command)
    {
        for (var parent = command.Parent as CommandResult; parent is not null; parent = parent.Parent as CommandResult)
        {
            yield return parent;
        }
    }
}
