using System.Diagnostics;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Architecture;

/// <summary>The scripts of the build say each step before it starts.</summary>
public sealed class BuildScriptTests
{
    [Theory]
    [InlineData("run", "building artifacts/bootstrap and artifacts/fasttrigger", "restoring the packages of Native AOT")]
    [InlineData("build", "building artifacts/bootstrap and artifacts/fasttrigger", "restoring the packages of Native AOT")]
    public async Task A_script_says_what_it_does_before_its_first_long_step(string script, params string[] expected)
    {
        var folder = Copy();
        var start = new ProcessStartInfo(Path.Combine(folder.FullName, "bootstrap.sh"), [script])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.Environment["PATH"] = $"{folder.FullName}/programs:{start.Environment["PATH"]}";
        using var process = Process.Start(start)!;
        foreach (var line in expected)
        {
            // dotnet waits for its standard input, so nothing but the script itself can have written this.
            var said = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.StartsWith(line, said, StringComparison.Ordinal);
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);
        folder.Delete(recursive: true);
    }

    /// <summary>The scripts alone, with a dotnet that waits until its standard input ends and then fails.</summary>
    private static DirectoryInfo Copy()
    {
        var folder = Directory.CreateTempSubdirectory("fasttrigger-build-");
        var build = folder.CreateSubdirectory("build");
        foreach (var file in Directory.GetFiles(Path.Combine(TestEnvironment.Root, "build"), "*.sh"))
        {
            File.Copy(file, Path.Combine(build.FullName, Path.GetFileName(file)));
        }

        File.Copy(Path.Combine(TestEnvironment.Root, "bootstrap.sh"), Path.Combine(folder.FullName, "bootstrap.sh"));
        var dotnet = Path.Combine(folder.CreateSubdirectory("programs").FullName, "dotnet");
        File.WriteAllText(dotnet, "#!/bin/sh\ncat >/dev/null\nexit 1\n");
        File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return folder;
    }
}
