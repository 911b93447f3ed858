using System.Text;

namespace FastTrigger.Actions.RunCommand;

internal enum CommandShell
{
    Sh,
    Bash,
    PowerShell,
}

/// <summary>The text that a server runs: the author's commands, event text in variables only, and the guard around both.</summary>
internal sealed record CommandScript(CommandShell Shell, string Commands, string? OnceKey, bool RerunInterrupted)
{
    /// <summary>A document may have 64 KB; the text around the script needs a little of it.</summary>
    public const int MaxBytes = 60 * 1024;

    /// <summary>Characters of commands and values that fit in any case, quoted and with the guard around them.</summary>
    public const int AlwaysFits = MaxBytes / 10;

    public string Write(IReadOnlyList<(string Name, string Value)> environment) =>
        Shell == CommandShell.PowerShell ? WritePowerShell(environment) : WriteShell(environment);

    private string WriteShell(IReadOnlyList<(string Name, string Value)> environment)
    {
        // The variables are set for the one command that follows, so the guard itself sees no event text.
        var command = new StringBuilder();
        foreach (var (name, value) in environment)
        {
            command.Append(name).Append('=').Append(ShellText.Quote(value)).Append(' ');
        }

        command.Append(Shell == CommandShell.Bash ? "bash" : "sh").Append(" -c ").Append(ShellText.Quote(Commands)).Append(" fasttrigger");
        return OnceKey is null ? command.Append('\n').ToString() : OnceGuard.Shell(OnceKey, RerunInterrupted, command.ToString());
    }

    private string WritePowerShell(IReadOnlyList<(string Name, string Value)> environment)
    {
        var script = new StringBuilder();
        foreach (var (name, value) in environment)
        {
            script.Append("$env:").Append(name).Append(" = ").Append(ShellText.PowerShell(value)).Append("\r\n");
        }

        script.Append(Commands);
        return OnceKey is null ? script.ToString() : OnceGuard.PowerShell(OnceKey, RerunInterrupted, script.ToString());
    }
}
