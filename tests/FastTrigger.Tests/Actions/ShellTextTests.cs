using System.Diagnostics;
using FastTrigger.Actions.RunCommand;
using FsCheck;
using FsCheck.Fluent;

namespace FastTrigger.Tests.Actions;

public sealed class ShellTextTests
{
    [Theory]
    [InlineData("dash")]
    [InlineData("bash")]
    [InlineData("busybox sh")]
    public void A_shell_receives_any_value_exact_to_the_byte_C7_1(string shell)
    {
        var values = ArbMap.Default.GeneratorFor<string>().Select(WellFormed);
        var hostile = Gen.Elements(
            "'", "''", "\\", "$(id)", "`id`", "\n", "\r\n", "\"", "${HOME}", "!!",
            "*", "~", "#", "\u0001", "\u007f", "-n", "%s", "é", "😀");
        var both = from some in Gen.ListOf(hostile) from any in values select string.Concat(some) + any;
        Prop.ForAll(both.ToArbitrary(), value =>
        {
            var script = new CommandScript(CommandShell.Sh, "printf '%s' \"$V\"", null, false).Write([("V", value)]);
            return Run(shell, script) == value;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Theory]
    [InlineData("VALVE", true)]
    [InlineData("_a1", true)]
    [InlineData("PLANT_PATH", true)]
    [InlineData("1A", false)]
    [InlineData("A-B", false)]
    [InlineData("A B", false)]
    [InlineData("Ä", false)]
    [InlineData("", false)]
    [InlineData("PATH", false)]
    [InlineData("Path", false)]
    [InlineData("IFS", false)]
    [InlineData("PS4", false)]
    [InlineData("ENV", false)]
    [InlineData("BASH_ENV", false)]
    [InlineData("LD_PRELOAD", false)]
    [InlineData("FASTTRIGGER_ONCE_DIR", false)]
    [InlineData("PYTHONPATH", false)]
    public void Names_that_control_programs_are_refused_C7_1(string name, bool allowed) =>
        Assert.Equal(allowed, ShellText.RefuseName(name) is null);

    /// <summary>Text without NUL and without half of a surrogate pair.</summary>
    private static string WellFormed(string? text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? "")).Replace("\0", "", StringComparison.Ordinal);

    private static string Run(string shell, string script)
    {
        var parts = shell.Split(' ');
        var start = new ProcessStartInfo(parts[0])
        {
            RedirectStandardOutput = true,
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        foreach (var part in parts[1..])
        {
            start.ArgumentList.Add(part);
        }

        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
