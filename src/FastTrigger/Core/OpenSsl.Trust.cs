using System.Runtime.InteropServices;

namespace FastTrigger.Core;

/// <summary>The functions of OpenSSL 3 for a set of trusted certificates.</summary>
internal static unsafe partial class OpenSsl
{
    public const long StoreLookupFailed = 70;

    /// <summary>The store that verifies peers. It belongs to the context.</summary>
    [LibraryImport(Ssl)]
    public static partial nint SSL_CTX_get_cert_store(nint context);

    /// <summary>Reads a whole file now, and looks into a hashed directory for each name later.</summary>
    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_load_verify_locations(nint context, byte* file, byte* directory);

    /// <summary>The same with the file and the directory that are compiled in. A missing one is no error.</summary>
    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_set_default_verify_paths(nint context);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_set_default_verify_dir(nint context);

    [LibraryImport(Crypto)]
    public static partial byte* X509_get_default_cert_file();

    [LibraryImport(Crypto)]
    public static partial byte* X509_get_default_cert_dir();

    [LibraryImport(Crypto)]
    public static partial void X509_STORE_set_get_issuer(nint store, delegate* unmanaged[Cdecl]<nint*, nint, nint, int> find);

    [LibraryImport(Crypto)]
    public static partial void X509_STORE_set_lookup_certs(nint store, delegate* unmanaged[Cdecl]<nint, nint, nint> find);

    /// <summary>Adds a certificate and keeps a reference of its own. The same certificate twice is no error.</summary>
    [LibraryImport(Crypto)]
    public static partial int X509_STORE_add_cert(nint store, nint certificate);

    [LibraryImport(Crypto)]
    public static partial nint X509_STORE_CTX_get0_store(nint verification);

    [LibraryImport(Crypto)]
    public static partial int X509_STORE_CTX_get1_issuer(nint* issuer, nint verification, nint certificate);

    [LibraryImport(Crypto)]
    public static partial nint X509_STORE_CTX_get1_certs(nint verification, nint name);

    [LibraryImport(Crypto)]
    public static partial nint X509_get_issuer_name(nint certificate);

    /// <summary>The bytes of a name as they were received. They belong to the name.</summary>
    [LibraryImport(Crypto)]
    public static partial int X509_NAME_get0_der(nint name, byte** bytes, nuint* length);

    [LibraryImport(Crypto)]
    public static partial nint d2i_X509(nint* target, byte** bytes, nint length);

    /// <summary>Reads a certificate and what it is trusted for (the block TRUSTED CERTIFICATE).</summary>
    [LibraryImport(Crypto)]
    public static partial nint d2i_X509_AUX(nint* target, byte** bytes, nint length);
}
