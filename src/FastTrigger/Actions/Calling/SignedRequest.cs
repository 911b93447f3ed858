using System.Runtime.CompilerServices;
using System.Text;
using FastTrigger.Core;

namespace FastTrigger.Actions.Calling;

/// <summary>
/// The text that `hmac` signs, in calls and in requests, one line each: the time in seconds since 1970; the method; the path; the query's
/// names and values, sorted; and the SHA-256 of the body in hexadecimal. Path, names and values are decoded and then percent-encoded again,
/// except letters, digits and -._~. So another encoding does not break the signature, and no value passes for two. The signature is v1= and
/// the HMAC-SHA256 in hexadecimal.
/// </summary>
internal static class SignedRequest
{
    public static string Sign(
        string secret,
        string time,
        string method,
        string path,
        List<(string Name, string Value)> query,
        ReadOnlySpan<byte> body)
    {
        Span<byte> digest = stackalloc byte[Sha256.Size];
        Sha256.Hash(body, digest);
        var text = new ByteBuffer().Append(time).Append((byte)'\n').Append(method).Append((byte)'\n');
        QueryText.AppendEncoded(text, QueryText.Decode(path, plusIsSpace: false), keepSlash: true);
        text.Append((byte)'\n').Append(Sorted(query)).Append((byte)'\n').AppendHex(digest);
        Sha256.Hmac(Encoding.UTF8.GetBytes(secret), text.Span, digest);
        return "v1=" + Convert.ToHexStringLower(digest);
    }

    /// <summary>The query, encoded and sorted: the same text for the same names and values in any order.</summary>
    private static string Sorted(List<(string Name, string Value)> query)
    {
        var pairs = new string[query.Count];
        for (var i = 0; i < pairs.Length; i++)
        {
            var text = new ByteBuffer(64);
            QueryText.AppendEncoded(text, query[i].Name);
            text.Append((byte)'=');
            QueryText.AppendEncoded(text, query[i].Value);
            pairs[i] = text.ToString();
        }

        Array.Sort(pairs, StringComparer.Ordinal);
        return string.Join('&', pairs);
    }

    /// <summary>Whether they are equal, in a time that does not depend on where they differ.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    public static bool AreEqual(string signature, string given)
    {
        var difference = signature.Length ^ given.Length;
        for (var i = 0; i < signature.Length; i++)
        {
            difference |= signature[i] ^ (given.Length == 0 ? 0 : given[i % given.Length]);
        }

        return difference == 0;
    }
}
