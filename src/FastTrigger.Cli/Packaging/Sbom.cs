using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Packaging;

/// <summary>The CycloneDX 1.5 bill of materials of a package (cyclonedx.org/docs/1.5/json). The same files give the same text.</summary>
internal static class Sbom
{
    public static JsonObject Describe(IReadOnlyList<(string Name, byte[] Content)> files, ElfFile binary)
    {
        var digests = files.ToDictionary(file => file.Name, file => Convert.ToHexStringLower(SHA256.HashData(file.Content)));
        // The serial number is derived from the files, so that the same files give the same document.
        var serial = new Guid(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', digests.Values))).AsSpan(0, 16));
        JsonNode[] components =
        [
            .. files.Select(file => new JsonObject
            {
                ["type"] = "file",
                ["name"] = file.Name,
                ["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-256", ["content"] = digests[file.Name] }),
            }),
            .. binary.DotNet is { } version ? DotNet(version, binary.Architecture) : [],
            .. Libraries(binary.Linked),
        ];
        return new()
        {
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.5",
            ["serialNumber"] = $"urn:uuid:{serial}",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["component"] = new JsonObject
                {
                    ["type"] = "application",
                    ["name"] = "fasttrigger",
                    ["properties"] = new JsonArray(new JsonObject { ["name"] = "architecture", ["value"] = binary.Architecture }),
                },
            },
            ["components"] = new JsonArray(components),
        };
    }

    private static JsonObject[] Libraries(LinkedLibraries? linked) => linked is null
        ? [PlatformsOwn()]
        : [Linked("OpenSSL", "openssl", "openssl", linked.OpenSsl), Linked("GNU C Library", "glibc", "gnu", linked.Glibc)];

    /// <summary>
    /// A library that is linked in, from Debian's source and with Debian's patches. The part of the version after the hyphen counts them.
    /// </summary>
    private static JsonObject Linked(string name, string package, string vendor, string version) => new()
    {
        ["type"] = "library",
        ["name"] = name,
        ["version"] = version,
        ["description"] = "linked into bootstrap",
        ["cpe"] = $"cpe:2.3:a:{vendor}:{package}:{version.Split('-')[0]}:*:*:*:*:*:*:*",
        ["purl"] = $"pkg:deb/debian/{package}@{version}?arch=source",
    };

    /// <summary>It is the platform that brings and patches it, so its version is not known here.</summary>
    private static JsonObject PlatformsOwn() => new()
    {
        ["type"] = "library",
        ["name"] = "OpenSSL",
        ["scope"] = "excluded",
        ["description"] = "libssl.so.3 and libcrypto.so.3 of the platform; not in the package",
    };

    /// <summary>The runtime, with the names by which scanners look it up: the package of NuGet, and the CPE of the NVD.</summary>
    private static JsonNode[] DotNet(string version, string architecture)
    {
        var package = "Microsoft.NETCore.App.Runtime.NativeAOT.linux-" + (architecture == "arm64" ? "arm64" : "x64");
        return
        [
            new JsonObject
            {
                ["type"] = "framework",
                ["name"] = package,
                ["version"] = version,
                ["description"] = $".NET {version}, compiled into bootstrap by Native AOT",
                ["cpe"] = $"cpe:2.3:a:microsoft:.net:{version}:*:*:*:*:*:*:*",
                ["purl"] = $"pkg:nuget/{package}@{version}",
            },
        ];
    }
}
