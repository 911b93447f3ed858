using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FastTrigger.Core;

namespace FastTrigger.Http.Trust;

/// <summary>
/// Gives OpenSSL the certificates of a bundle when a chain asks for their subject, because parsing one takes OpenSSL 3 about 0.1 ms. It
/// only adds certificates to the store, all of those that a name may mean. What they are worth is left to OpenSSL, which then looks into
/// its store as if the whole file had been read.
/// </summary>
internal sealed unsafe class LazyRoots
{
    /// <summary>Three times 10,000 certificates. A larger file may be no bundle at all.</summary>
    private const int MaxBytes = 64 * 1024 * 1024;

    private static readonly Lock s_lock = new();
    private static readonly List<LazyRoots> s_all = [];

    private readonly Lock _lock = new();
    private readonly bool[] _isAdded;
    private readonly nint _store;
    private readonly string _file;
    private readonly bool _isRequired;

    private LazyRoots(nint store, PemBundle bundle, string file, bool isRequired)
    {
        _store = store;
        Bundle = bundle;
        _isAdded = new bool[bundle.Count];
        _file = file;
        _isRequired = isRequired;
    }

    public PemBundle Bundle { get; }

    /// <summary>Which certificate of the file could not be parsed, and why; null when that has not happened.</summary>
    public string? Problem { get; private set; }

    /// <summary>Lets a store find the certificates of a file; null when OpenSSL must read the file itself.</summary>
    /// <param name="isRequired">Whether a certificate that cannot be parsed ends the verification that needs it.</param>
    public static LazyRoots? Attach(nint store, string file, bool isRequired)
    {
        if (Libc.ReadRegularFile(file, MaxBytes) is not { } text || PemBundle.Read(text) is not { } bundle)
        {
            return null;
        }

        var roots = new LazyRoots(store, bundle, file, isRequired);
        lock (s_lock)
        {
            s_all.Add(roots);
        }

        OpenSsl.X509_STORE_set_get_issuer(store, &FindIssuer);
        OpenSsl.X509_STORE_set_lookup_certs(store, &FindSubject);
        return roots;
    }

    /// <summary>Before the store is freed: another one may get its address.</summary>
    public void Detach()
    {
        lock (s_lock)
        {
            s_all.RemoveAll(roots => roots == this);
        }
    }

    /// <summary>What OpenSSL calls for the issuer of a certificate: 1 when it is found, 0 when not, and -1 after a failure.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FindIssuer(nint* issuer, nint verification, nint certificate)
    {
        *issuer = 0;
        return Add(verification, OpenSsl.X509_get_issuer_name(certificate))
            ? OpenSsl.X509_STORE_CTX_get1_issuer(issuer, verification, certificate)
            : -1;
    }

    /// <summary>What OpenSSL calls for all certificates of a subject; 0 when there is none, or after a failure.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint FindSubject(nint verification, nint name) =>
        Add(verification, name) ? OpenSsl.X509_STORE_CTX_get1_certs(verification, name) : 0;

    private static bool Add(nint verification, nint name)
    {
        try
        {
            return Of(OpenSsl.X509_STORE_CTX_get0_store(verification))?.Add(name) ?? true;
        }
        // An exception cannot pass through OpenSSL. Without its roots the verification fails, and the connection with it.
        catch (Exception)
        {
            return false;
        }
    }

    private static LazyRoots? Of(nint store)
    {
        lock (s_lock)
        {
            return s_all.Find(roots => roots._store == store);
        }
    }

    /// <summary>Adds the certificates that a name may mean. The name comes from the peer.</summary>
    private bool Add(nint name)
    {
        byte* start;
        nuint length;
        if (OpenSsl.X509_NAME_get0_der(name, &start, &length) != 1)
        {
            return false;
        }

        lock (_lock)
        {
            // A name in another form than DER may be any of them. Each certificate is parsed once, whatever a peer sends.
            var isPlain = NameKey.TryOf(new(start, (int)length), out var key);
            for (var at = 0; at < Bundle.Count; at++)
            {
                at = isPlain ? Bundle.Find(key, at) : at;
                if (at < 0)
                {
                    break;
                }

                if (!_isAdded[at] && !Parse(at) && _isRequired)
                {
                    return false;
                }

                _isAdded[at] = true;
            }
        }

        return true;
    }

    private bool Parse(int index)
    {
        nint certificate;
        var der = Bundle.Certificate(index, out var saysTrust);
        fixed (byte* start = der)
        {
            var at = start;
            certificate = saysTrust ? OpenSsl.d2i_X509_AUX(null, &at, der.Length) : OpenSsl.d2i_X509(null, &at, der.Length);
        }

        var isAdded = certificate != 0 && OpenSsl.X509_STORE_add_cert(_store, certificate) == 1;
        if (!isAdded)
        {
            // An error that stays in the queue would be taken for one of the connection.
            Problem = $"certificate {index + 1} of {_file} could not be read: {OpenSsl.TakeError()}";
        }

        OpenSsl.X509_free(certificate);
        return isAdded;
    }
}
