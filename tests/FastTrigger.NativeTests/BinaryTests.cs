using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace FastTrigger.NativeTests;

/// <summary>The contents of the binaries and of their roots file.</summary>
public sealed partial class BinaryTests
{
    [Fact]
    public async Task The_static_one_needs_no_library_and_no_loader()
    {
        var (exitCode, output, error) = await Artifacts.RunAsync("readelf", ["-l", "-d", "--wide", Artifacts.Bootstrap]);
        Assert.True(exitCode == 0, error);
        Assert.Contains("LOAD", output, StringComparison.Ordinal);
        Assert.Contains("There is no dynamic section in this file", output, StringComparison.Ordinal);
        Assert.DoesNotContain("INTERP", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dynamic_one_links_neither_OpenSSL_nor_anything_new()
    {
        var (exitCode, output, _) = await Artifacts.RunAsync("readelf", ["-d", "--wide", Artifacts.Dynamic]);
        Assert.Equal(0, exitCode);
        var needed = Needed().Matches(output).Select(match => match.Groups[1].Value).ToHashSet();
        HashSet<string> allowed =
        [
            "libc.so.6", "libgcc_s.so.1", "libdl.so.2", "libpthread.so.0", "librt.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1",
        ];
        Assert.Subset(allowed, needed);
    }

    [Fact]
    public void The_dynamic_one_needs_no_GLIBC_newer_than_that_of_Amazon_Linux_2023()
    {
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(Artifacts.Dynamic));
        var newest = Glibc().Matches(text).Select(match => Version.Parse(match.Groups[1].Value)).Max();
        Assert.True(newest <= new Version(2, 34), $"GLIBC_{newest}");
    }

    /// <summary>A start touches few pages. A name that is gone has been renamed: build/order.sh writes new ones.</summary>
    [Theory]
    [InlineData("artifacts")]
    [InlineData("artifacts/dynamic")]
    public async Task What_runs_at_a_start_stands_together(string folder)
    {
        var symbols = Artifacts.Existing($"{folder}/symbols/bootstrap.dbg");
        var (exitCode, output, error) = await Artifacts.RunAsync("nm", ["--defined-only", symbols]);
        Assert.True(exitCode == 0, error);
        var addresses = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToLookup(words => words[^1], words => Convert.ToInt64(words[0], 16));
        var names = await File.ReadAllLinesAsync(Path.Combine(Artifacts.Root, "build", "order.txt"), Artifacts.Token);
        var found = names.SelectMany(name => addresses[name]).Order().ToArray();
        Assert.InRange(found.Length, names.Length * 9 / 10, names.Length * 2);
        Assert.InRange(found[^(found.Length / 20)] - found[found.Length / 20], 0, 512 * 1024);
    }

    [Theory]
    [InlineData("artifacts")]
    [InlineData("artifacts/dynamic")]
    public void A_binary_and_its_deployment_zip_are_within_their_budgets(string folder)
    {
        var budgets = JsonNode.Parse(File.ReadAllText(Path.Combine(Artifacts.Root, "build", "budgets.json")))!["sizes"]![folder]!;
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in (string[])[$"{folder}/bootstrap", $"{folder}/amazon-roots.pem", "build/demo/routes.json"])
            {
                archive.CreateEntryFromFile(Artifacts.Existing(file), Path.GetFileName(file), CompressionLevel.Optimal);
            }
        }

        var bootstrap = new FileInfo(Artifacts.Existing($"{folder}/bootstrap")).Length;
        Assert.InRange(bootstrap, 100_000, budgets["bootstrap"]!.GetValue<int>());
        Assert.InRange(zip.Length, 100_000, budgets["zip"]!.GetValue<int>());
    }

    /// <summary>The mstat file names every type that the compiler includes; build/stock.substitutions.xml leaves some out.</summary>
    [Fact]
    public void Nothing_heavy_is_in_the_binary()
    {
        var types = Types();
        Assert.Contains(types, type => type.StartsWith("FastTrigger.Actions.Tagging.", StringComparison.Ordinal));
        string[] banned =
        [
            "System.Net.",
            "System.Linq.",
            "System.Text.RegularExpressions.",
            "System.Security.Cryptography.",
            "System.Xml.",
            "System.Console",
            "System.Threading.Timer",
            "System.Threading.ThreadPool",
            "System.Threading.PortableThreadPool",
            "System.Text.Json.JsonSerializer",
            "System.Text.Json.Utf8JsonWriter",
            "System.Text.Json.Serialization.",
            "Microsoft.Extensions.",
            "Amazon.",
        ];
        Assert.DoesNotContain(types, type => banned.Any(name => type.StartsWith(name, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_roots_file_next_to_the_binary_has_Amazons_five_roots()
    {
        var collection = new System.Security.Cryptography.X509Certificates.X509Certificate2Collection();
        collection.ImportFromPemFile(Artifacts.Existing("artifacts/amazon-roots.pem"));
        // As published at https://www.amazontrust.com/repository/ (SHA-256).
        Assert.Equal(
            [
                "18CE6CFE7BF14E60B2E347B8DFE868CB31D02EBB3ADA271569F50343B46DB3A4",
                "1BA5B2AA8C65401A82960118F80BEC4F62304D83CEC4713A19C39C011EA46DB4",
                "568D6905A2C88708A4B3025190EDCFEDB1974A606A13C6E5290FCB2AE63EDAB5",
                "8ECDE6884F3D87B1125BA31AC3FCB13D7016DE7F57CC904FE1CB97C6AE98196E",
                "E35D28419ED02025CFA69038CD623962458DA5C695FBDEA3C22B0BFB25897092",
            ],
            collection.Select(certificate => certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256)).Order());
    }

    [Fact]
    public void No_root_in_the_roots_file_expires_within_a_year()
    {
        var collection = new System.Security.Cryptography.X509Certificates.X509Certificate2Collection();
        collection.ImportFromPemFile(Artifacts.Existing("artifacts/amazon-roots.pem"));
        Assert.Equal(5, collection.Count);
        var nextYear = DateTime.UtcNow.AddYears(1);
        Assert.All(collection, root => Assert.True(
            root.NotAfter.ToUniversalTime() > nextYear,
            $"{root.Subject} expires at {root.NotAfter:yyyy-MM-dd}: see https://www.amazontrust.com/repository/ for its successor"));
    }

    private static List<string> Types()
    {
        using var reader = new PEReader(File.OpenRead(Artifacts.Mstat));
        var metadata = reader.GetMetadataReader();
        return [.. metadata.TypeReferences.Select(metadata.GetTypeReference).Select(type => Name(metadata, type))];
    }

    private static string Name(MetadataReader metadata, TypeReference type)
    {
        var name = metadata.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? Name(metadata, metadata.GetTypeReference((TypeReferenceHandle)type.ResolutionScope)) + "+" + name
            : metadata.GetString(type.Namespace) + "." + name;
    }

    [GeneratedRegex(@"\(NEEDED\)\s+Shared library: \[([^\]]+)\]")]
    private static partial Regex Needed();

    [GeneratedRegex(@"GLIBC_(2\.\d+)")]
    private static partial Regex Glibc();
}
