using System.ComponentModel;
using System.Diagnostics;

namespace FastTrigger.Cli.ColdStart;

/// <summary>Runs a command again inside a scope of the user's systemd, whose part of the control group tree is the user's to divide.</summary>
internal static class SystemdScope
{
    private const string Inside = "FASTTRIGGER_LAB_SCOPE";

    /// <summary>Null when there is no such systemd, or when this is inside its scope already; else the command's exit code.</summary>
    /// <param name="program">systemd-run, except in tests.</param>
    public static int? Run(IReadOnlyList<string> command, string program = "systemd-run")
    {
        string[] scope = ["--user", "--scope", "--quiet", "-p", "Delegate=yes", "--"];
        return Environment.GetEnvironmentVariable(Inside) is not null || Start(program, [.. scope, "true"], quiet: true) != 0 ? null : Start(program, [.. scope, "env", Inside + "=1", .. command], quiet: false);
    }

    private static int? Start(string program, string[] arguments, bool quiet)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = quiet })!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
