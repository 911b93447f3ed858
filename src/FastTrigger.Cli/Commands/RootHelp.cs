using System.CommandLine;
using System.CommandLine.Help;
using System.Text;
using FastTrigger.Cli.Output;

namespace FastTrigger.Cli.Commands;

/// <summary>The help of the tool as a whole: a line for each command.</summary>
internal static class RootHelp
{
    /// <summary>The columns of help where there is no terminal, or a wider one.</summary>
    private const int MaxWidth = 100;

    private const int NameWidth = 12;

    /// <summary>Keeps the lines of all help short.</summary>
    public static void Shorten(RootCommand root)
    {
        foreach (var option in root.Options)
        {
            if (option.Action is HelpAction help)
            {
                help.MaxWidth = Math.Min(MaxWidth, Terminal.Columns());
            }
        }
    }

    public static string Text(RootCommand root)
    {
        var text = new StringBuilder($"{root.Description}\n\nUsage: fasttrigger COMMAND [OPTIONS]\n\n");
        foreach (var command in root.Subcommands)
        {
            text.Append($"  {command.Name.PadRight(NameWidth)}{FirstSentence(command.Description!)}\n");
        }

        return text.Append("\nfasttrigger COMMAND --help explains a command, with its options and examples.\n").ToString();
    }

    /// <summary>The first clause of a description, without its line breaks.</summary>
    private static string FirstSentence(string description)
    {
        var text = description.ReplaceLineEndings(" ");
        var end = text.AsSpan().IndexOfAny(".:");
        return end < 0 ? text : text[..end];
    }
}
