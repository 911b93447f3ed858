using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Packaging;

/// <summary>The CycloneDX 1.5 bill of materials of a package (cyclonedx.org/docs/1.5/json). The same files give the same text.</summary>
internal static class Sbom
{
    /// <param name="framework">The target framework of the binary, such as net10.0; null when it is unknown.</param>
    public static JsonObject Describe(IReadOnlyList<(string Name, byte[] Content)> files, string architecture, string? framework)
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
            Component("framework", "Microsoft.NETCore.App", framework?["net".Length..], "compiled into bootstrap by Native AOT"),
            Component("library", "OpenSSL", "3", "libssl.so.3 and libcrypto.so.3 of the platform; not in the package"),
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
                    ["properties"] = new JsonArray(new JsonObject { ["name"] = "architecture", ["value"] = architecture }),
                },
            },
            ["components"] = new JsonArray(components),
        };
    }

    private static JsonObject Component(string type, string name, string? version, string description)
    {
        var component = new JsonObject { ["type"] = type, ["name"] = name };
        if (version is not null)
        {
            component["version"] = version;
        }

        component["description"] = description;
        return component;
    }
}
