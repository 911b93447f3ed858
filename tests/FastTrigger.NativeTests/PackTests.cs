using System.IO.Compression;
using FastTrigger.Cli.Packaging;

namespace FastTrigger.NativeTests;

/// <summary>fasttrigger pack: what Lambda is given.</summary>
public sealed class PackTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-pack-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_same_files_give_the_same_bytes_in_any_folder_and_run_from_the_zip()
    {
        var first = await PackAsync(0, "--out", Path.Combine(_folder, "a", "function.zip"));
        var copy = Directory.CreateDirectory(Path.Combine(_folder, "elsewhere")).FullName;
        foreach (var name in (string[])["bootstrap", "amazon-roots.pem", "native-framework"])
        {
            File.Copy(Path.Combine(Artifacts.Root, "artifacts", name), Path.Combine(copy, name));
            File.SetLastWriteTimeUtc(Path.Combine(copy, name), new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        await PackAsync(0, "--bootstrap", Path.Combine(copy, "bootstrap"), "--out", Path.Combine(_folder, "b.zip"));
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(_folder, "a", "function.zip"), TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(Path.Combine(_folder, "b.zip"), TestContext.Current.CancellationToken));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(_folder, "a", "function.cdx.json"), TestContext.Current.CancellationToken), await File.ReadAllTextAsync(Path.Combine(_folder, "b.cdx.json"), TestContext.Current.CancellationToken));
        Assert.Contains("glibc 2.34 at least", first.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "a", "function.dbg")));

        // As Lambda unpacks it; only then is it known that the permissions are right.
        var root = Path.Combine(_folder, "task");
        ZipFile.ExtractToDirectory(Path.Combine(_folder, "b.zip"), root);
        Assert.Equal(["amazon-roots.pem", "bootstrap", "routes.json"], Directory.GetFiles(root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var (exitCode, _, error) = await Artifacts.RunAsync(Artifacts.Tool, ["run", Artifacts.Demo("launch.json"), "--bootstrap", Path.Combine(root, "bootstrap"), "--routes", Path.Combine(root, "routes.json")]);
        Assert.True(exitCode == 0, error);
    }

    [Fact]
    public async Task Its_bill_of_materials_names_every_file_with_its_hash()
    {
        await PackAsync(0, "--out", Path.Combine(_folder, "function.zip"));
        var sbom = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "function.cdx.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal(("CycloneDX", "1.5"), (sbom["bomFormat"]!.GetValue<string>(), sbom["specVersion"]!.GetValue<string>()));
        Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", sbom["serialNumber"]!.GetValue<string>());
        await using var zip = await ZipFile.OpenReadAsync(Path.Combine(_folder, "function.zip"), TestContext.Current.CancellationToken);
        foreach (var entry in zip.Entries)
        {
            await using var stream = await entry.OpenAsync(TestContext.Current.CancellationToken);
            var component = Assert.Single(sbom["components"]!.AsArray(), component => component!["name"]!.GetValue<string>() == entry.FullName)!;
            Assert.Equal(Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(stream, TestContext.Current.CancellationToken)), component["hashes"]![0]!["content"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task What_Lambda_could_not_run_is_refused_before_anything_is_written()
    {
        var other = ElfFile.Read(await File.ReadAllBytesAsync(Artifacts.Bootstrap, TestContext.Current.CancellationToken))!.Architecture == "arm64" ? "x86_64" : "arm64";
        Assert.Contains($", not {other}", (await PackAsync(1, "--arch", other, "--bootstrap", Artifacts.Bootstrap)).Error, StringComparison.Ordinal);
        Assert.Contains("is no 64-bit ELF file", (await PackAsync(1, "--bootstrap", Beside("#!/bin/sh\n"u8.ToArray()))).Error, StringComparison.Ordinal);
        Assert.Contains("has debug symbols in it", (await PackAsync(1, "--bootstrap", Beside(await CompileAsync("int main(void) { return 0; }", "-g")))).Error, StringComparison.Ordinal);
        // A function that the C library has since 2.36.
        Assert.Contains("bootstrap needs glibc 2.36, and provided.al2023 has 2.34", (await PackAsync(1, "--bootstrap", Beside(await CompileAsync("#include <stdlib.h>\nint main(void) { return (int)arc4random(); }", "-s")))).Error, StringComparison.Ordinal);
        var routes = Path.Combine(_folder, "wrong.json");
        await File.WriteAllTextAsync(routes, "{\"routes\":[]}", TestContext.Current.CancellationToken);
        Assert.Contains("wrong.json:1:11: 'routes' takes", (await PackAsync(1, "--routes", routes)).Error, StringComparison.Ordinal);
        Assert.Contains("are over the budget of 4000000", (await PackAsync(1, "--bootstrap", Beside([.. await CompileAsync("int main(void) { return 0; }", "-s"), .. new byte[4_000_000]]))).Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder, "*.zip"));
    }

    [Fact]
    public async Task For_another_machine_it_takes_what_was_built_for_it()
    {
        Assert.Contains(" on arm64, glibc 2.34 at least", (await PackAsync(0, "--arch", "arm64", "--release")).Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "function.dbg")));
    }

    [Theory]
    [InlineData("net10.0", 0)]
    [InlineData("net9.0", 1)]
    [InlineData("net11.0", 1)]
    [InlineData(null, 1)]
    public async Task A_release_is_of_a_framework_that_has_support(string? framework, int exitCode)
    {
        var bootstrap = Beside(await File.ReadAllBytesAsync(Artifacts.Bootstrap, TestContext.Current.CancellationToken));
        if (framework is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(bootstrap)!, "native-framework"), framework + "\n", TestContext.Current.CancellationToken);
        }

        var (_, _, error) = await PackAsync(exitCode, "--bootstrap", bootstrap, "--release");
        Assert.Equal(exitCode == 0, error.Length == 0);
        Assert.Equal(exitCode != 0, (await PackAsync(0, "--bootstrap", bootstrap)).Error.StartsWith("warning: ", StringComparison.Ordinal));
    }

    private string Beside(byte[] bootstrap)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("n"))).FullName;
        File.Copy(Path.Combine(Artifacts.Root, "artifacts", "amazon-roots.pem"), Path.Combine(folder, "amazon-roots.pem"));
        File.WriteAllBytes(Path.Combine(folder, "bootstrap"), bootstrap);
        return Path.Combine(folder, "bootstrap");
    }

    /// <summary>By the compiler that links the function.</summary>
    private async Task<byte[]> CompileAsync(string source, string option)
    {
        var file = Path.Combine(_folder, "program.c");
        await File.WriteAllTextAsync(file, source, TestContext.Current.CancellationToken);
        var (exitCode, _, error) = await Artifacts.RunAsync("sh", ["-c", $"$(command -v gcc || command -v clang) {option} -o {_folder}/program {file}"]);
        Assert.True(exitCode == 0, error);
        return await File.ReadAllBytesAsync(Path.Combine(_folder, "program"), TestContext.Current.CancellationToken);
    }

    private async Task<(int ExitCode, string Output, string Error)> PackAsync(int expected, params string[] arguments)
    {
        var result = await Artifacts.RunAsync(Artifacts.Tool, ["pack", .. arguments.Contains("--out") ? [] : (string[])["--out", Path.Combine(_folder, "function.zip")], .. arguments]);
        Assert.True(result.ExitCode == expected, result.Output + result.Error);
        return result;
    }
}
