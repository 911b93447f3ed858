using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FastTrigger.Cli.Json;
using FastTrigger.Cli.LocalAws.Models;
using FastTrigger.Json;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// Reads a world file. Its keys and values are checked with the metadata of <see cref="WorldFile"/>, so that each mistake has its place.
/// </summary>
internal static class WorldReader
{
    /// <summary>The operations that can have a fault: those of the local services, and the response to CloudFormation.</summary>
    private static readonly Lazy<List<string>> s_operations =
        new(() => [.. ServiceModel.Names.SelectMany(name => ServiceModel.Load(name).Operations), LocalResponseUrl.Operation]);

    /// <exception cref="InvalidDataException">The file has mistakes. The message has all of them.</exception>
    public static WorldFile Load(string path)
    {
        var text = JsonText.Decode(File.ReadAllBytes(path));
        var problems = new JsonProblems(path, text);
        return Read(text, problems) ?? throw new InvalidDataException(problems.ToString());
    }

    /// <summary>Null, with every mistake, when the file is not right.</summary>
    /// <param name="text">The file without a byte order mark.</param>
    public static WorldFile? Read(byte[] text, JsonProblems problems)
    {
        if (JsonNodeReader.Read(text, problems) is not { } root)
        {
            JsonText.Explain(text, problems);
            return null;
        }

        var check = new JsonTypeCheck(WorldJson.Default, problems)
        {
            TypeChoices = static type => type.Type == typeof(FaultKind) ? FaultKinds() : null,
            PropertyChoices = OperationsOfFaults,
        };
        check.Check(root, WorldJson.Default.WorldFile, "a world file");
        return problems.Any ? null : JsonSerializer.Deserialize(text, WorldJson.Default.WorldFile);
    }

    private static List<string>? OperationsOfFaults(JsonTypeInfo type, JsonPropertyInfo property) =>
        type.Type == typeof(Fault) && property.PropertyType == typeof(string) && property.Name == "operation" ? s_operations.Value : null;

    private static List<string> FaultKinds() =>
        [.. Enum.GetValues<FaultKind>().Select(kind => JsonSerializer.SerializeToElement(kind, WorldJson.Default.FaultKind).GetString()!)];
}
