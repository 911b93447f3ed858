using System.Text.Encodings.Web;
using System.Text.Json;
using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Cli;

/// <summary>JSON options for people and files.</summary>
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
}
