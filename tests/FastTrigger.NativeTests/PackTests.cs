using System.IO.Compression;
using FastTrigger.Cli.Packaging;

namespace FastTrigger.NativeTests;

/// <summary>fasttrigger pack: the deployment zip.</summary>
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
        foreach (var (left, right) in ((string, string)[])[("function.zip", "b.zip"), ("function.cdx.json", "b.cdx.json")])
        {
            var expected = await File.ReadAllBytesAsync(Path.Combine(_folder, "a", left), Artifacts.Token);
            Assert.Equal(expected, await File.ReadAllBytesAsync(Path.Combine(_folder, right), Artifacts.Token));
        }
        Assert.Matches("OpenSSL 3\\.[0-9]+\\.[0-9]+.* linked in", first.Output);
        Assert.True(File.Exists(Path.Combine(_folder, "a", "function.dbg")));

        // Lambda unpacks the zip in the same way. Only this shows that the permissions are right.
        var root = Path.Combine(_folder, "task");
        ZipFile.ExtractToDirectory(Path.Combine(_folder, "b.zip"), root);
        Assert.Equal(
            ["amazon-roots.pem", "bootstrap", "routes.json"],
            Directory.GetFiles(root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        string[] files = ["--bootstrap", Path.Combine(root, "bootstrap"), "--routes", Path.Combine(root, "routes.json")];
        var (exitCode, _, error) = await Artifacts.RunToolAsync(["run", Artifacts.Demo("launch.json"), .. files]);
        Assert.True(exitCode == 0, error);
    }

    [Fact]
    public async Task Its_bill_of_materials_names_every_file_with_its_hash()
    {
        await PackAsync(0, "--out", Path.Combine(_folder, "function.zip"));
        var sbom = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "function.cdx.json"), Artifacts.Token))!;
        Assert.Equal(("CycloneDX", "1.5"), (sbom["bomFormat"]!.GetValue<string>(), sbom["specVersion"]!.GetValue<string>()));
        Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", sbom["serialNumber"]!.GetValue<string>());
        await using var zip = await ZipFile.OpenReadAsync(Path.Combine(_folder, "function.zip"), Artifacts.Token);
        foreach (var entry in zip.Entries)
        {
            await using var stream = await entry.OpenAsync(Artifacts.Token);
            var component = Assert.Single(sbom.List("components"), component => component.Text("name") == entry.FullName);
            var hash = await System.Security.Cryptography.SHA256.HashDataAsync(stream, Artifacts.Token);
            Assert.Equal(Convert.ToHexStringLower(hash), component.Text("hashes", 0, "content"));
        }
    }

    /// <summary>A scanner looks up the package's address or the CPE, and both need the exact version.</summary>
    [Theory]
    [MemberData(nameof(Artifacts.Links), MemberType = typeof(Artifacts))]
    public async Task Its_bill_of_materials_has_the_exact_version_of_what_is_compiled_in(string link)
    {
        await PackAsync(0, "--link", link, "--out", Path.Combine(_folder, "function.zip"));
        var sbom = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "function.cdx.json"), Artifacts.Token))!;
        var (_, notes, _) = await Artifacts.RunAsync("readelf", ["-p", ".comment", Artifacts.Linked(link)]);
        var version = System.Text.RegularExpressions.Regex.Match(notes, @"ilc (\d+\.\d+\.\d+)\b").Groups[1].Value;
        var runtime = Assert.Single(sbom.List("components"), component => component.Text("type") == "framework");
        Assert.Matches(@"^\d+\.\d+\.\d+$", runtime.Text("version"));
        Assert.Equal(version, runtime.Text("version"));
        Assert.Equal($"pkg:nuget/{runtime.Text("name")}@{version}", runtime.Text("purl"));
        Assert.Matches("^Microsoft\\.NETCore\\.App\\.Runtime\\.NativeAOT\\.linux-(x64|arm64)$", runtime.Text("name"));
        Assert.Equal($"cpe:2.3:a:microsoft:.net:{version}:*:*:*:*:*:*:*", runtime.Text("cpe"));
        var libraries = sbom.List("components").Where(component => component.Text("type") == "library").ToList();
        if (link == "dynamic")
        {
            // What is not in the package has no version that could be wrong, and is marked as outside of it.
            var openssl = Assert.Single(libraries);
            Assert.Equal("excluded", openssl.Text("scope"));
            Assert.Null(openssl!["version"]);
            return;
        }

        Assert.Equal(["OpenSSL", "GNU C Library"], libraries.Select(library => library.Text("name")));
        foreach (var library in libraries)
        {
            // Debian's version, of which scanners know the part before the hyphen.
            var text = library.Text("version")!;
            Assert.Matches("^[0-9]+\\.[0-9.]+-[0-9a-z~+.]+$", text);
            Assert.Contains($":{text.Split('-')[0]}:*:", library.Text("cpe"), StringComparison.Ordinal);
            Assert.Matches($"^pkg:deb/debian/(openssl|glibc)@{System.Text.RegularExpressions.Regex.Escape(text)}\\?", library.Text("purl"));
        }

        // The library says its own version, too, as that of its provider.
        var bytes = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Artifacts.Bootstrap, Artifacts.Token));
        Assert.Contains($"\0{libraries[0].Text("version")!.Split('-')[0]}\0", bytes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_link_is_an_option_away()
    {
        var (_, output, _) = await PackAsync(0, "--link", "dynamic", "--arch", "arm64");
        Assert.Contains(" on arm64, glibc 2.34 or later", output, StringComparison.Ordinal);
        (_, output, _) = await PackAsync(0, "--link", "static", "--arch", "arm64");
        Assert.Contains(" on arm64, OpenSSL 3.", output, StringComparison.Ordinal);
        (_, output, _) = await PackAsync(0, "--link", "dynamic");
        Assert.Contains(", glibc 2.34 or later", output, StringComparison.Ordinal);
        await RefusedAsync("bootstrap is linked as dynamic, not static", "--link", "static", "--bootstrap", Artifacts.Dynamic);
    }

    [Fact]
    public async Task A_package_that_Lambda_cannot_run_is_refused_before_anything_is_written()
    {
        var binary = await File.ReadAllBytesAsync(Artifacts.Bootstrap, Artifacts.Token);
        var other = ElfFile.Read(binary)!.Architecture == "arm64" ? "x86_64" : "arm64";
        await RefusedAsync($", not {other}", "--arch", other, "--bootstrap", Artifacts.Bootstrap);
        await RefusedAsync("is no 64-bit ELF file", "--bootstrap", Store("#!/bin/sh\n"u8.ToArray()));
        var withSymbols = await CompileAsync("int main(void) { return 0; }", "-g");
        await RefusedAsync("contains debug symbols", "--bootstrap", Store(withSymbols));
        // glibc has this function since 2.36.
        var tooNew = await CompileAsync("#include <stdlib.h>\nint main(void) { return (int)arc4random(); }", "-s");
        await RefusedAsync("bootstrap needs glibc 2.36, and provided.al2023 has 2.34", "--bootstrap", Store(tooNew));
        var routes = Path.Combine(_folder, "wrong.json");
        await File.WriteAllTextAsync(routes, "{\"routes\":[]}", Artifacts.Token);
        await RefusedAsync("wrong.json:1:11: 'routes' takes", "--routes", routes);
        byte[] tooLarge = [.. await CompileAsync("int main(void) { return 0; }", "-s"), .. new byte[7_000_000]];
        await RefusedAsync("exceed the budget of 7000000", "--bootstrap", Store(tooLarge));
        Assert.Empty(Directory.GetFiles(_folder, "*.zip"));
    }

    [Fact]
    public async Task A_binary_for_another_machine_is_packed()
    {
        var (_, output, _) = await PackAsync(0, "--arch", "arm64", "--release");
        Assert.Contains(" on arm64, OpenSSL 3.", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "function.dbg")));
    }

    [Theory]
    [InlineData("net10.0", 0)]
    [InlineData("net9.0", 1)]
    [InlineData("net11.0", 1)]
    [InlineData(null, 1)]
    public async Task A_release_needs_a_supported_framework(string? framework, int exitCode)
    {
        var bootstrap = Store(await File.ReadAllBytesAsync(Artifacts.Bootstrap, Artifacts.Token));
        if (framework is not null)
        {
            var file = Path.Combine(Path.GetDirectoryName(bootstrap)!, "native-framework");
            await File.WriteAllTextAsync(file, framework + "\n", Artifacts.Token);
        }

        var (_, _, error) = await PackAsync(exitCode, "--bootstrap", bootstrap, "--release");
        const string Routes = "routes: build/demo/routes.json\n";
        Assert.Equal(exitCode == 0, error == Routes);
        (_, _, error) = await PackAsync(0, "--bootstrap", bootstrap);
        Assert.Equal(exitCode != 0, error.StartsWith(Routes + "warning: ", StringComparison.Ordinal));
    }

    private string Store(byte[] bootstrap)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("n"))).FullName;
        File.Copy(Path.Combine(Artifacts.Root, "artifacts", "amazon-roots.pem"), Path.Combine(folder, "amazon-roots.pem"));
        File.WriteAllBytes(Path.Combine(folder, "bootstrap"), bootstrap);
        return Path.Combine(folder, "bootstrap");
    }

    /// <summary>Compiles a program with the compiler that links the function.</summary>
    private async Task<byte[]> CompileAsync(string source, string option)
    {
        var file = Path.Combine(_folder, "program.c");
        await File.WriteAllTextAsync(file, source, Artifacts.Token);
        var compile = $"$(command -v gcc || command -v clang) {option} -o {_folder}/program {file}";
        var (exitCode, _, error) = await Artifacts.RunAsync("sh", ["-c", compile]);
        Assert.True(exitCode == 0, error);
        return await File.ReadAllBytesAsync(Path.Combine(_folder, "program"), Artifacts.Token);
    }

    private async Task RefusedAsync(string reason, params string[] arguments) =>
        Assert.Contains(reason, (await PackAsync(1, arguments)).Error, StringComparison.Ordinal);

    private async Task<(int ExitCode, string Output, string Error)> PackAsync(int expected, params string[] arguments)
    {
        string[] output = arguments.Contains("--out") ? [] : ["--out", Path.Combine(_folder, "function.zip")];
        var routes = arguments.Contains("--routes") ? [] : Artifacts.DemoRoutes;
        var result = await Artifacts.RunToolAsync(["pack", .. output, .. routes, .. arguments]);
        Assert.True(result.ExitCode == expected, result.Output + result.Error);
        return result;
    }
}
