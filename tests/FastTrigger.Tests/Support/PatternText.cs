using FastTrigger.Json;
using FastTrigger.Patterns;

namespace FastTrigger.Tests.Support;

/// <summary>Compiles the text of a pattern.</summary>
internal static class PatternText
{
    /// <summary>An event as patterns see it.</summary>
    public static JsonElement AsSeen(JsonElement element) => DottedNames.Nest(element)?.RootElement ?? element;

    /// <summary>Null, with the problems, when it has mistakes.</summary>
    public static ObjectNode? Read(string text, out string problems)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var found = new JsonProblems("pattern", bytes);
        var node = PatternReader.Read(JsonNodeReader.Read(bytes, found)!.Value, found);
        problems = found.ToString();
        return found.Any ? null : node;
    }
}
