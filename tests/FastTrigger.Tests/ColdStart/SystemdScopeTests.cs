using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Tests.ColdStart;

/// <summary>Starts a command in a scope, with a script that replaces systemd-run and records its arguments.</summary>
public sealed class SystemdScopeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-scope-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_command_runs_in_the_scope_and_its_exit_code_is_returned()
    {
        var result = Path.Combine(_folder, "result");
        var program = Write("""echo "$@" >> FOLDER/arguments; while [ "$1" != -- ]; do shift; done; shift; exec "$@" """);
        Assert.Equal(7, SystemdScope.Run(["sh", "-c", $"echo $FASTTRIGGER_LAB_SCOPE > {result}; exit 7"], program));
        Assert.Equal("1", File.ReadAllText(result).Trim());
        Assert.All(File.ReadAllLines(Path.Combine(_folder, "arguments")), line =>
            Assert.StartsWith("--user --scope --quiet -p Delegate=yes -- ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_systemd_user_manager_nothing_runs()
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
