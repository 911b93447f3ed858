using System.Text;
using FastTrigger.Core;

namespace FastTrigger.Http;

/// <summary>Undoes the Content-Encoding of an answer. Some servers compress what nobody asked them to compress.</summary>
internal static class ContentCoding
{
    private const int MaxCodings = 3;

    /// <summary>
    /// The body before it was compressed; null, with the problem, when the coding is unknown, the data is damaged, or more than
    /// <paramref name="maxBytes"/> come out of it.
    /// </summary>
    public static ReadOnlyMemory<byte>? Decode(HttpResponse response, int maxBytes, out string problem)
    {
        problem = "";
        var names = "";
        var at = 0;
        while (response.TryGetHeader("content-encoding"u8, ref at, out var value))
        {
            names = $"{names},{Encoding.ASCII.GetString(value)}";
        }

        var body = response.Body;
        var codings = names.ToLowerInvariant().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (codings.Length > MaxCodings)
        {
            problem = $"the answer is compressed {codings.Length} times, and at most {MaxCodings} times are undone";
            return null;
        }

        // The last one was applied last.
        for (var i = codings.Length - 1; i >= 0 && !body.IsEmpty; i--)
        {
            byte[]? decoded;
            switch (codings[i])
            {
                case "identity":
                    continue;
                case "gzip" or "x-gzip":
                    decoded = Gzip.Inflate(body.Span, maxBytes, out problem);
                    break;
                case "deflate":
                    decoded = Zlib.Inflate(body.Span, maxBytes, out problem);
                    break;
                default:
                    problem = "gzip and deflate are the codings that can be undone";
                    decoded = null;
                    break;
            }

            if (decoded is null)
            {
                var name = codings[i];
                problem = $"the answer cannot be decompressed from '{(name.Length > 20 ? name[..20] : name)}': {problem}";
                return null;
            }

            body = decoded;
        }

        return body;
    }
}
