using System.Globalization;

namespace FastTrigger.Cli.LocalLambda;

/// <summary>What the kernel says about a process (man 5 proc_pid_stat).</summary>
internal static class ProcessState
{
    /// <summary>The kernel's PF_EXITING, and the bit of SIGKILL.</summary>
    private const ulong Exiting = 0x4, Kill = 1 << 8;

    /// <summary>The positions of the flags and the pending signals among the fields that follow the name.</summary>
    private const int FlagsField = 6, SignalsField = 28;

    /// <summary>
    /// Whether a process has ended, is ending, or has received SIGKILL. .NET learns of an exit only some time later, and until then the
    /// connections of the process look open.
    /// </summary>
    public static bool IsEnding(int processId)
    {
        string stat;
        try
        {
            stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
        }
        catch (IOException)
        {
            return true;
        }

        // The name is in parentheses, and may contain spaces.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X" || Has(fields[FlagsField], Exiting) || Has(fields[SignalsField], Kill);
    }

    private static bool Has(string field, ulong bit) => (ulong.Parse(field, CultureInfo.InvariantCulture) & bit) != 0;
}
