using System.Text.Encodings.Web;
using System.Text.Json;
using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Cli;

/// <summary>JSON for people and files: without escapes that JSON itself does not ask for.</summary>
internal static class ReadableJson
{
    public static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, TypeInfoResolver = WorldJson.Default };

    public static readonly JsonSerializerOptions Indented = new(OneLine) { WriteIndented = true };
}
