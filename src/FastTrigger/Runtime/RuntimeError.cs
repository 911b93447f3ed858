using FastTrigger.Core;

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

    public void WriteTo(ByteBuffer buffer) =>
        new JsonBuilder(buffer).BeginObject()
            .Member("errorType", Type)
            .Member("errorMessage", Shown)
            .Name("stackTrace").BeginArray().EndArray()
            .EndObject();

    /// <summary>The value of Lambda-Runtime-Function-XRay-Error-Cause, one line of ASCII, well under its 64 KB.</summary>
    public void WriteCauseTo(ByteBuffer buffer)
    {
        var message = new ByteBuffer();
        foreach (var letter in Shown.AsSpan(0, Math.Min(Shown.Length, 1024)))
        {
            message.Append(letter is >= ' ' and < '\u007f' ? (byte)letter : (byte)'?');
        }

        var cause = new ByteBuffer();
        new JsonBuilder(cause).BeginObject().Member("working_directory", "/var/task").Name("exceptions").BeginArray()
            .BeginObject().Member("type", Type).Member("message", message.ToString()).Name("stack").BeginArray().EndArray().EndObject()
            .EndArray().Name("paths").BeginArray().EndArray().EndObject();
        buffer.Append(cause.Span);
    }
}
