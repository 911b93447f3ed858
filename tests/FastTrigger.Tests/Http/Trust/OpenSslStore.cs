using System.Runtime.InteropServices;
using FastTrigger.Core;
using FastTrigger.Http;

namespace FastTrigger.Tests.Http.Trust;

/// <summary>What OpenSSL says of its own store and of names, to compare with.</summary>
internal static unsafe partial class OpenSslStore
{
    private const string Crypto = "libcrypto.so.3";

    /// <summary>The certificates that a context holds, in DER.</summary>
    public static HashSet<string> Certificates(TlsContext context)
    {
        var objects = X509_STORE_get0_objects(OpenSsl.SSL_CTX_get_cert_store(context.Handle));
        var found = new HashSet<string>();
        for (var i = 0; i < OPENSSL_sk_num(objects); i++)
        {
            if (X509_OBJECT_get0_X509(OPENSSL_sk_value(objects, i)) is not 0 and var certificate)
            {
                byte* bytes = null;
                var length = i2d_X509(certificate, &bytes);
                found.Add(Convert.ToHexString(new ReadOnlySpan<byte>(bytes, length)));
                CRYPTO_free(bytes, null, 0);
            }
        }

        return found;
    }

    /// <summary>Has OpenSSL read a whole file at once.</summary>
    public static bool ReadAll(TlsContext context, string file)
    {
        fixed (byte* path = Libc.ZeroTerminated(file))
        {
            var isRead = OpenSsl.SSL_CTX_load_verify_locations(context.Handle, path, null) == 1;
            OpenSsl.ERR_clear_error();
            return isRead;
        }
    }

    /// <summary>Whether two names are the same for OpenSSL; null when it reads one of them not at all.</summary>
    public static bool? AreSame(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var (first, second) = (Name(one), Name(other));
        bool? same = first == 0 || second == 0 ? null : X509_NAME_cmp(first, second) == 0;
        X509_NAME_free(first);
        X509_NAME_free(second);
        OpenSsl.ERR_clear_error();
        return same;
    }

    /// <summary>Whether OpenSSL can parse a certificate.</summary>
    public static bool CanParse(ReadOnlySpan<byte> der, bool saysTrust)
    {
        fixed (byte* start = der)
        {
            var at = start;
            var certificate = saysTrust ? OpenSsl.d2i_X509_AUX(null, &at, der.Length) : OpenSsl.d2i_X509(null, &at, der.Length);
            OpenSsl.X509_free(certificate);
            OpenSsl.ERR_clear_error();
            return certificate != 0;
        }
    }

    private static nint Name(ReadOnlySpan<byte> der)
    {
        fixed (byte* start = der)
        {
            var at = start;
            return d2i_X509_NAME(null, &at, der.Length);
        }
    }

    [LibraryImport(Crypto)]
    private static partial nint X509_STORE_get0_objects(nint store);

    [LibraryImport(Crypto)]
    private static partial int OPENSSL_sk_num(nint stack);

    [LibraryImport(Crypto)]
    private static partial nint OPENSSL_sk_value(nint stack, int index);

    [LibraryImport(Crypto)]
    private static partial nint X509_OBJECT_get0_X509(nint element);

    [LibraryImport(Crypto)]
    private static partial int i2d_X509(nint certificate, byte** bytes);

    [LibraryImport(Crypto)]
    private static partial void CRYPTO_free(byte* memory, byte* file, int line);

    [LibraryImport(Crypto)]
    private static partial nint d2i_X509_NAME(nint* target, byte** bytes, nint length);

    [LibraryImport(Crypto)]
    private static partial void X509_NAME_free(nint name);

    [LibraryImport(Crypto)]
    private static partial int X509_NAME_cmp(nint one, nint other);
}
