using System.Text.Json;
using FastTrigger.Http;

namespace FastTrigger.Runtime;

/// <summary>
/// What is told to Lambda when an invocation or the start failed. <paramref name="Type"/> is `Function.` or `Runtime.` and letters:
/// Lambda records anything else as Runtime.Unknown.
/// </summary>
internal sealed record RuntimeError(string Type, string Message)
{
    /// <summary>Lambda keeps 6 MiB; a person reads a few lines.</summary>
    private const int LongestMessage = 16 * 1024;

    private string Shown => Message.Length <= LongestMessage ? Message : string.Concat(Message.AsSpan(0, LongestMessage), " ...");

    public void WriteTo(ByteBuffer buffer)
    {
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("errorType"u8, Type);
        writer.WriteString("errorMessage"u8, Shown);
        writer.WriteStartArray("stackTrace"u8);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>The value of Lambda-Runtime-Function-XRay-Error-Cause, ASCII on one line, well under its 64 KB.</summary>
    public void WriteCauseTo(ByteBuffer buffer)
    {
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("working_directory"u8, "/var/task"u8);
        writer.WriteStartArray("exceptions"u8);
        writer.WriteStartObject();
        writer.WriteString("type"u8, Type);
        writer.WriteString("message"u8, Shown.Length <= 1024 ? Shown : Shown[..1024]);
        writer.WriteStartArray("stack"u8);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteStartArray("paths"u8);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
