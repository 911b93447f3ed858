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
            ? $"{name} changes what shells and programs run, so it is not set from here; choose another name"
            : null;
    }

    /// <summary>Windows ignores the case of names, so these are refused in any case.</summary>
    private static bool SteersPrograms(string name) =>
        name is "PATH" or "ENV" or "IFS" or "PS1" or "PS2" or "PS3" or "PS4" or "CDPATH" or "SHELLOPTS" or "BASHOPTS" or "GLOBIGNORE"
            or "PROMPT_COMMAND" or "POSIXLY_CORRECT" or "SHELL" or "HOME" or "TMPDIR" or "TEMP" or "TMP" or "EDITOR" or "VISUAL" or "PAGER"
            or "BROWSER" or "COMSPEC" or "PATHEXT" or "SYSTEMROOT" or "WINDIR" or "PSMODULEPATH" or "GCONV_PATH" or "LOCPATH" or "NLSPATH"
            or "HOSTALIASES" or "RES_OPTIONS" or "LOCALDOMAIN" or "MALLOC_TRACE" or "NODE_OPTIONS" or "NODE_PATH" or "JAVA_TOOL_OPTIONS"
            or "_JAVA_OPTIONS" or "CLASSPATH" or "OPENSSL_CONF" or "OPENSSL_MODULES" or "SSL_CERT_FILE" or "SSL_CERT_DIR"
        || name.StartsWith("LD_", StringComparison.Ordinal)
        || name.StartsWith("DYLD_", StringComparison.Ordinal)
        || name.StartsWith("BASH_", StringComparison.Ordinal)
        || name.StartsWith("PYTHON", StringComparison.Ordinal)
        || name.StartsWith("PERL", StringComparison.Ordinal)
        || name.StartsWith("RUBY", StringComparison.Ordinal)
        || name.StartsWith("GIT_", StringComparison.Ordinal)
        || name.StartsWith("DOTNET_", StringComparison.Ordinal)
        || name.StartsWith("COR_", StringComparison.Ordinal)
        || name.StartsWith("CORECLR_", StringComparison.Ordinal)
        || name.StartsWith("FASTTRIGGER_", StringComparison.Ordinal);
}
