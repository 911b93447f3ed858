using System.Text;

namespace FastTrigger.Cli.Json;

/// <summary>The strings of JSON, and what people write in them.</summary>
internal static class JsonString
{
    /// <summary>Reads the string that begins at an offset.</summary>
    /// <param name="end">The offset after it.</param>
    /// <returns>The first mistake in it; null when there is none.</returns>
    public static (int Offset, string Message)? Read(byte[] text, int start, out int end)
    {
        for (end = start + 1; end < text.Length && text[end] is not ((byte)'\n' or (byte)'\r'); end++)
        {
            if (text[end] == '"')
            {
                end++;
                return null;
            }

            if (text[end] == '\\')
            {
                var rest = Encoding.UTF8.GetString(text.AsSpan(end, Math.Min(6, text.Length - end)));
                if (JsonWord.EscapeLength(rest) is not (> 0 and var length))
                {
                    return (end, $"{rest[..Math.Min(2, rest.Length)]} is no escape of JSON: a backslash inside a string is written \\\\");
                }

                end += length - 1;
            }
            else if (text[end] < ' ')
            {
                var right = text[end] == '\t' ? "\\t" : $"\\u{(int)text[end]:x4}";
                return (end, $"a {(text[end] == '\t' ? "tab" : "control character")} inside a string is written {right}");
            }
        }

        return (start, "this string is not closed on its line: a \" is missing (a line break inside a string is written \\n)");
    }
}
