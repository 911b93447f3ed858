using System.Security;

namespace FastTrigger.Core;

/// <summary>SHA-256 and HMAC-SHA-256 by libcrypto, which TLS has loaded anyway.</summary>
internal static unsafe class Sha256
{
    public const int Size = 32;

    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        // An empty span has no address; libcrypto wants one all the same.
        byte none;
        fixed (byte* source = data, target = digest[..Size])
        {
            Check(OpenSsl.SHA256(data.IsEmpty ? &none : source, (nuint)data.Length, target));
        }
    }

    public static void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> digest)
    {
        byte none;
        uint written;
        fixed (byte* secret = key, source = data, target = digest[..Size])
        {
            Check(OpenSsl.HMAC(OpenSsl.EVP_sha256(), key.IsEmpty ? &none : secret, key.Length, data.IsEmpty ? &none : source, (nuint)data.Length, target, &written));
        }
    }

    private static void Check(byte* digest)
    {
        if (digest is null)
        {
            throw new SecurityException("libcrypto gave no SHA-256 digest: " + OpenSsl.TakeError());
        }
    }
}
