using System.Security;

namespace FastTrigger.Core;

/// <summary>SHA-256 and HMAC-SHA-256 from libcrypto, which TLS needs in any case.</summary>
internal static unsafe class Sha256
{
    public const int Size = 32;

    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        // An empty span has no address, and libcrypto requires one.
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
            var keyStart = key.IsEmpty ? &none : secret;
            var dataStart = data.IsEmpty ? &none : source;
            Check(OpenSsl.HMAC(OpenSsl.EVP_sha256(), keyStart, key.Length, dataStart, (nuint)data.Length, target, &written));
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
