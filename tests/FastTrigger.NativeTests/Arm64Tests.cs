using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Packaging;

namespace FastTrigger.NativeTests;

/// <summary>
/// The function that ./bootstrap.sh build --arch arm64 makes. On a machine of another kind it runs in an emulator, over the libraries that Debian has for
/// arm64: whatever depends on the processor, the sizes of C's types or the numbers of system calls is tried, and nothing about its speed.
/// </summary>
public sealed class Arm64Tests
{
    [Fact]
    public async Task It_tags_runs_commands_and_checks_a_website_over_https()
    {
        await using var function = await NativeFunction.StartAsync(file: LocalWorld.Load(Path.Combine(Artifacts.Root, Artifacts.Demo("world.json"))), bootstrap: Artifacts.Arm64, seconds: 120);
        foreach (var (name, action, detail) in ((string, string, string)[])[
            ("launch.json", "tag", "9 resources tagged"),
            ("tank-high.json", "run-command", "accepted by Systems Manager"),
            ("site-check.json", "check-website", "answered 200")])
        {
            var (document, errorType) = await function.InvokeAsync(Artifacts.Read(name));
            Assert.Null(errorType);
            var done = document!["routes"]![0]!["actions"]![0]!;
            Assert.Equal((action, "done"), (done["action"]!.GetValue<string>(), done["outcome"]!.GetValue<string>()));
            Assert.Contains(detail, done["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        Assert.Null((await function.InvokeAsync(Artifacts.Read("tank-normal.json"))).ErrorType);
        Assert.Equal("Function.InvalidEvent", (await function.InvokeAsync("{\"id\":")).ErrorType);
    }

    [Fact]
    public async Task What_it_is_sent_twice_it_does_once()
    {
        var (exitCode, output, error) = await Artifacts.RunAsync(Artifacts.Tool, ["run", Artifacts.Demo("tank-high.json"), Artifacts.Demo("tank-high.json"), Artifacts.Demo("tank-hostile.json"), "--bootstrap", Artifacts.Arm64, "--timeout", "120"]);
        Assert.True(exitCode == 0, output + error);
        Assert.Equal(2, output.Split("opening valve V-17").Length - 1);
        Assert.Contains("opening valve $(touch /tmp/pwned); '\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public void It_fits_Amazon_Linux_2023_on_Graviton2()
    {
        var file = ElfFile.Read(File.ReadAllBytes(Artifacts.Existing(Artifacts.Arm64 == Artifacts.Bootstrap ? "artifacts/bootstrap" : "artifacts/arm64/bootstrap")))!;
        Assert.Equal("arm64", file.Architecture);
        Assert.True(file.Glibc <= new Version(2, 34), $"GLIBC_{file.Glibc}");
        Assert.False(file.HasDebugSymbols);
    }

    [Fact]
    public async Task Where_its_packs_cannot_be_restored_the_build_names_them_and_ends()
    {
        var folder = Directory.CreateTempSubdirectory("fasttrigger-arm64-").FullName;
        try
        {
            // A copy, with no packages and no place to get any from.
            var other = RuntimeArchitecture() == "arm64" ? "x86_64" : "arm64";
            var (exitCode, _, error) = await Artifacts.RunAsync(
                "bash",
                ["-c", $"cp -r build src bootstrap.sh Directory.*.props global.json .editorconfig '{folder}' && rm -rf '{folder}'/src/*/obj && cd '{folder}' && mkdir none && ./bootstrap.sh build --arch {other}"],
                ("NUGET_PACKAGES", Path.Combine(folder, "packages")),
                ("RestoreSources", Path.Combine(folder, "none")));
            Assert.Equal(1, exitCode);
            Assert.Contains($"no function for {other} can be built here: ", error, StringComparison.Ordinal);
            Assert.Contains($"Microsoft.NETCore.App.Runtime.NativeAOT.linux-{(other == "arm64" ? "arm64" : "x64")}", error, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("installing", error, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string RuntimeArchitecture() => System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "x86_64";
}
