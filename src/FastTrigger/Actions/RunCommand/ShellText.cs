using System.Text;

namespace FastTrigger.Actions.RunCommand;

/// <summary>Text that a shell reads as exactly itself (C7.1).</summary>
internal static class ShellText
{
    /// <summary>For sh and bash: nothing inside single quotes means anything but the quote itself.</summary>
    public static string Quote(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    /// <summary>For PowerShell: an expression whose value is the text, whatever its characters.</summary>
    public static string PowerShell(string text) =>
        $"[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}'))";

    /// <summary>Null when a variable may be set for a command; else what is wrong with its name.</summary>
    public static string? RefuseName(string name)
    {
        const string Form = "the name of a variable is letters, digits and _, and begins with no digit";
        if (name.Length is 0 or > 128 || char.IsAsciiDigit(name[0]))
        {
            return Form;
        }

        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter != '_')
            {
                return Form;
            }
        }

        return SteersPrograms(name.ToUpperInvariant())
            ? $"{name} is a variable of shells or programs themselves, so it is not set from here; choose another name"
            : null;
    }

    // A shell does not pass these on as they were set: it keeps them read-only, counts with them (which runs `$(...)` inside `x[...]`), or
    // replaces them. They are from dash, bash, busybox, zsh as sh, ksh93 and mksh; a test asks each shell for its own.
    private const string OfShells =
        " _ ARGV0 BASH BASHOPTS BASHPID COLUMNS COMP_WORDBREAKS CPUTYPE DIRSTACK EGID EPOCHREALTIME EPOCHSECONDS ERRNO EUID"
        + " FUNCNAME FUNCNEST GID GROUPS HISTCHARS HISTCMD HISTSIZE IFS JOBMAX KEYBOARD_HACK KSHEGID KSHGID KSHUID KSH_VERSION"
        + " LINENO LINES MACHTYPE MAILCHECK MODULE_PATH OLDPWD OPTARG OPTERR OPTIND OSTYPE PATHSEP PGRP PIPESTATUS"
        + " POSIXLY_CORRECT PPID PS1 PS2 PS3 PS4 PWD RANDOM SAVEHIST SECONDS SHELLOPTS SHLVL SIGNALS SRANDOM TMOUT"
        + " TRY_BLOCK_ERROR TRY_BLOCK_INTERRUPT TTY TTYIDLE UID USERNAME USER_ID VENDOR YASH_VERSION ";

    private const string OfPrograms =
        " PATH ENV CDPATH FPATH MAILPATH GLOBIGNORE EXECIGNORE PROMPT_COMMAND SHELL EXECSHELL STTY NULLCMD READNULLCMD"
        + " ZDOTDIR INPUTRC HISTFILE HOME TMPDIR TEMP TMP EDITOR VISUAL FCEDIT PAGER BROWSER COMSPEC PATHEXT SYSTEMROOT WINDIR"
        + " PSMODULEPATH GCONV_PATH LOCPATH NLSPATH HOSTALIASES RES_OPTIONS LOCALDOMAIN MALLOC_TRACE NODE_OPTIONS NODE_PATH"
        + " JAVA_TOOL_OPTIONS _JAVA_OPTIONS CLASSPATH OPENSSL_CONF OPENSSL_MODULES SSL_CERT_FILE SSL_CERT_DIR ";

    /// <summary>Windows ignores the case of names, so these are refused in any case.</summary>
    private static bool SteersPrograms(string name)
    {
        var word = $" {name} ";
        return OfShells.Contains(word, StringComparison.Ordinal)
            || OfPrograms.Contains(word, StringComparison.Ordinal)
            || name.StartsWith("LD_", StringComparison.Ordinal)
            || name.StartsWith("DYLD_", StringComparison.Ordinal)
            || name.StartsWith("BASH_", StringComparison.Ordinal)
            || name.StartsWith("ZSH_", StringComparison.Ordinal)
            || name.StartsWith("PYTHON", StringComparison.Ordinal)
            || name.StartsWith("PERL", StringComparison.Ordinal)
            || name.StartsWith("RUBY", StringComparison.Ordinal)
            || name.StartsWith("GIT_", StringComparison.Ordinal)
            || name.StartsWith("DOTNET_", StringComparison.Ordinal)
            || name.StartsWith("COR_", StringComparison.Ordinal)
            || name.StartsWith("CORECLR_", StringComparison.Ordinal)
            || name.StartsWith("FASTTRIGGER_", StringComparison.Ordinal);
    }
}
