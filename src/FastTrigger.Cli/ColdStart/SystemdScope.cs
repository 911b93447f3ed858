using System.ComponentModel;
using System.Diagnostics;

namespace FastTrigger.Cli.ColdStart;

/// <summary>Runs a command again in a scope of the user's systemd, which delegates a part of the control group tree to the user.</summary>
internal static class SystemdScope
{
    private const string Inside = "FASTTRIGGER_LAB_SCOPE";

    /// <summary>The exit code of the command; null without such a systemd, or when this process is in the scope already.</summary>
    /// <param name="program">systemd-run, except in tests.</param>
    public static int? Run(IReadOnlyList<string> command, string program = "systemd-run")
    {
        string[] scope = ["--user", "--scope", "--quiet", "-p", "Delegate=yes", "--"];
        if (Environment.GetEnvironmentVariable(Inside) is not null || Start(program, [.. scope, "true"], quiet: true) != 0)
        {
            return null;
        }

        return Start(program, [.. scope, "env", Inside + "=1", .. command], quiet: false);
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
