using FastTrigger.Json;

namespace FastTrigger.Cli.Json;

/// <summary>The text of a file that a person writes.</summary>
internal static class JsonText
{
    private static readonly System.Text.UnicodeEncoding s_utf16 = new(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true);
    private static readonly System.Text.UnicodeEncoding s_bigUtf16 = new(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true);

    /// <summary>
    /// The text as UTF-8 without a byte order mark. Editors and shells of Windows write such marks, and UTF-16.
    /// </summary>
    public static byte[] Decode(byte[] text)
    {
        var span = text.AsSpan();
        try
        {
            return span.StartsWith(System.Text.Encoding.UTF8.Preamble) ? text[3..]
                : span.StartsWith(s_utf16.Preamble) ? System.Text.Encoding.UTF8.GetBytes(s_utf16.GetString(span[2..]))
                : span.StartsWith(s_bigUtf16.Preamble) ? System.Text.Encoding.UTF8.GetBytes(s_bigUtf16.GetString(span[2..]))
                : text;
        }
        catch (System.Text.DecoderFallbackException)
        {
            return text;
        }
    }

    /// <summary>Replaces what a reader says of text that is no JSON by what a person has to change.</summary>
    public static void Explain(byte[] text, JsonProblems problems)
    {
        if (problems.Found.Any(problem => problem.Message.StartsWith("this is not JSON", StringComparison.Ordinal))
            && JsonSyntax.Explain(text.AsSpan(MarkLength(text))) is { } found)
        {
            problems.Clear();
            problems.Add(MarkLength(text) + found.Offset, found.Message);
        }
    }

    private static int MarkLength(byte[] text) =>
        text.AsSpan().StartsWith(System.Text.Encoding.UTF8.Preamble) ? System.Text.Encoding.UTF8.Preamble.Length : 0;
}
