using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Packaging;

namespace FastTrigger.NativeTests;

/// <summary>
/// The functions that ./bootstrap.sh build --arch arm64 publishes. On another processor they run in an emulator, the dynamic one with
/// Debian's arm64 libraries. This tests what depends on the processor, the sizes of C types or the numbers of system calls, but not the
/// speed.
/// </summary>
public sealed class Arm64Tests
{
    [Theory]
    [MemberData(nameof(Artifacts.Links), MemberType = typeof(Artifacts))]
    public async Task It_tags_runs_commands_and_checks_a_website_over_https(string link)
    {
        var world = WorldReader.Load(Path.Combine(Artifacts.Root, Artifacts.Demo("world.json")));
        await using var function = await NativeFunction.StartAsync(file: world, bootstrap: Artifacts.Arm64(link), seconds: 120);
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

    [Theory]
    [MemberData(nameof(Artifacts.Links), MemberType = typeof(Artifacts))]
    public async Task A_repeated_event_is_done_once(string link)
    {
        string[] events = [Artifacts.Demo("tank-high.json"), Artifacts.Demo("tank-high.json"), Artifacts.Demo("tank-hostile.json")];
        string[] program = ["--bootstrap", Artifacts.Arm64(link), "--timeout", "120"];
        var (exitCode, output, error) = await Artifacts.RunToolAsync(["run", .. events, .. Artifacts.DemoRoutes, .. program]);
        Assert.True(exitCode == 0, output + error);
        Assert.Equal(2, output.Split("opening valve V-17").Length - 1);
        Assert.Contains("opening valve $(touch /tmp/pwned); '\"", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bootstrap", true)]
    [InlineData("dynamic/bootstrap", false)]
    public void It_fits_Amazon_Linux_2023_on_Graviton2(string bootstrap, bool isStatic)
    {
        var folder = Artifacts.IsArm64 ? "artifacts" : "artifacts/arm64";
        var file = ElfFile.Read(File.ReadAllBytes(Artifacts.Existing($"{folder}/{bootstrap}")))!;
        Assert.Equal("arm64", file.Architecture);
        Assert.Equal(isStatic, file.Linked is not null);
        Assert.True(file.Glibc <= new Version(2, 34), $"GLIBC_{file.Glibc}");
        Assert.False(file.HasDebugSymbols);
    }

    [Fact]
    public async Task A_build_without_its_packs_names_them_and_ends()
    {
        var folder = Directory.CreateTempSubdirectory("fasttrigger-arm64-").FullName;
        try
        {
            // A copy of the sources, without packages and without a package source.
            var other = Artifacts.IsArm64 ? "x86_64" : "arm64";
            var build = $"cp -r build src bootstrap.sh Directory.*.props global.json .editorconfig '{folder}'"
                + $" && rm -rf '{folder}'/src/*/obj && cd '{folder}' && mkdir none && ./bootstrap.sh build --arch {other}";
            var (exitCode, _, error) = await Artifacts.RunAsync(
                "bash",
                ["-c", build],
                ("NUGET_PACKAGES", Path.Combine(folder, "packages")),
                ("RestoreSources", Path.Combine(folder, "none")));
            Assert.Equal(1, exitCode);
            Assert.Contains($"no function for {other} can be built here: ", error, StringComparison.Ordinal);
            var pack = $"Microsoft.NETCore.App.Runtime.NativeAOT.linux-{(other == "arm64" ? "arm64" : "x64")}";
            Assert.Contains(pack, error, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("installing", error, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
