using Spectre.Console;

namespace FastTrigger.Cli.Output;

/// <summary>The consoles of the tool: color for a terminal, plain unbroken lines for a file.</summary>
internal static class Terminal
{
    /// <summary>The width of lines that go to a file: they are not broken.</summary>
    public const int Unlimited = 10_000;

    /// <summary>
    /// Plain text on a terminal too, when NO_COLOR is set and not empty (no-color.org). A "dumb" terminal gets no escapes, neither of
    /// .NET's console nor of the libraries that ask for the terminal's name.
    /// </summary>
    public static void RespectNoColor()
    {
        if (Environment.GetEnvironmentVariable("NO_COLOR") is not { } setting)
        {
            return;
        }

        // The libraries take an empty setting for one that is there.
        Environment.SetEnvironmentVariable(setting.Length > 0 ? "TERM" : "NO_COLOR", setting.Length > 0 ? "dumb" : null);
    }

    /// <summary>The columns of the terminal; no limit for a file.</summary>
    public static int Columns() => Console.IsOutputRedirected || Console.WindowWidth <= 0 ? int.MaxValue : Console.WindowWidth;

    /// <summary>The console for results.</summary>
    public static IAnsiConsole Results() => Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>The console for progress and problems.</summary>
    public static IAnsiConsole Errors() => Create(Console.Error, Console.IsErrorRedirected);

    private static IAnsiConsole Create(TextWriter writer, bool isFile)
    {
        var isPlain = isFile || Environment.GetEnvironmentVariable("TERM") is "dumb" or "" or null;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
        });
        if (isFile)
        {
            console.Profile.Width = Unlimited;
        }

        return console;
    }
}
