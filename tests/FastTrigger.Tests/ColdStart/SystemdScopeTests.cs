using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Tests.ColdStart;

/// <summary>The way into a scope, with a program in the place of systemd-run that notes what it was asked for.</summary>
public sealed class SystemdScopeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-scope-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_command_runs_inside_and_its_exit_code_comes_back()
    {
        var result = Path.Combine(_folder, "result");
        var program = Write("""echo "$@" >> FOLDER/asked; while [ "$1" != -- ]; do shift; done; shift; exec "$@" """);
        Assert.Equal(7, SystemdScope.Run(["sh", "-c", $"echo $FASTTRIGGER_LAB_SCOPE > {result}; exit 7"], program));
        Assert.Equal("1", File.ReadAllText(result).Trim());
        Assert.All(File.ReadAllLines(Path.Combine(_folder, "asked")), line => Assert.StartsWith("--user --scope --quiet -p Delegate=yes -- ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_systemd_of_the_users_nothing_is_run()
    {
        var result = Path.Combine(_folder, "result");
        Assert.Null(SystemdScope.Run(["touch", result], Write("exit 1")));
        Assert.Null(SystemdScope.Run(["touch", result], Path.Combine(_folder, "not-there")));
        Assert.False(File.Exists(result));
    }

    private string Write(string script)
    {
        var path = Path.Combine(_folder, "systemd-run");
        File.WriteAllText(path, "#!/bin/sh\n" + script.Replace("FOLDER", _folder, StringComparison.Ordinal) + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
