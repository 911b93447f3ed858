using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Cli;

/// <summary>JSON for people and files.</summary>
internal static class ReadableJson
{
    /// <summary>One line, with only the escapes that JSON requires.</summary>
    public static readonly JsonSerializerOptions OneLine = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = WorldJson.Default,
    };

    /// <summary>Indented, with only the escapes that JSON requires.</summary>
    public static readonly JsonSerializerOptions Indented = new(OneLine) { WriteIndented = true };

    /// <summary>Indented, with .NET's default escapes.</summary>
    public static readonly JsonSerializerOptions IndentedEscaped = new() { WriteIndented = true, TypeInfoResolver = WorldJson.Default };

    /// <summary>A member that is text; null when it is something else or not there.</summary>
    public static string? OptionalText(this JsonObject? json, string name) =>
        json?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
