using System.Text.Json;
using System.Text.Json.Serialization;

namespace FastTrigger.Cli.Packaging;

/// <summary>The libraries in a static binary, with Debian's versions, such as 3.0.20-1~deb12u2.</summary>
internal sealed record LinkedLibraries(string OpenSsl, string Glibc);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LinkedLibraries))]
internal sealed partial class LinkedJson : JsonSerializerContext;
