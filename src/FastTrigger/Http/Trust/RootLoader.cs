using FastTrigger.Core;

namespace FastTrigger.Http.Trust;

/// <summary>
/// Where the roots of a context come from: a file, a directory with a file for each hash of a name, or the system's store. OpenSSL looks
/// into directories only when a chain asks for a name, and a file is read in the same way where it has the usual form.
/// </summary>
internal static unsafe class RootLoader
{
    /// <summary>Loads a file and a directory.</summary>
    /// <returns>False when one of them cannot be read; OpenSSL's error queue has the reason.</returns>
    /// <param name="lazy">What gives the certificates of the file to OpenSSL later; null when OpenSSL has read it.</param>
    public static bool Load(nint context, string? file, string? directory, out LazyRoots? lazy)
    {
        lazy = file is null ? null : LazyRoots.Attach(OpenSsl.SSL_CTX_get_cert_store(context), file, isRequired: true);
        return (file is null || lazy is not null || Read(context, file, null))
            && (directory is null || Read(context, null, directory));
    }

    /// <summary>Loads the system's store: where OpenSSL was built to find it, else where a distribution keeps it.</summary>
    public static void LoadSystem(nint context, SystemStore system, out LazyRoots? lazy)
    {
        lazy = LazyRoots.Attach(OpenSsl.SSL_CTX_get_cert_store(context), system.File, isRequired: false);
        if (lazy is not null)
        {
            // Not SSL_CTX_set_default_verify_store: it reads the same directory for each name once more, which takes 0.2 ms.
            _ = OpenSsl.SSL_CTX_set_default_verify_dir(context);
        }
        else if (system.IsThere || !LoadKnown(context, system, out lazy))
        {
            _ = OpenSsl.SSL_CTX_set_default_verify_paths(context);
        }

        // A store that is missing, or a file in it that cannot be read, shows in the verification of a certificate.
        OpenSsl.ERR_clear_error();
    }

    private static bool LoadKnown(nint context, SystemStore system, out LazyRoots? lazy)
    {
        lazy = null;
        var file = Array.Find(system.KnownFiles, File.Exists);
        var directory = Array.Find(system.KnownDirectories, Directory.Exists);
        return (file is not null || directory is not null) && Load(context, file, directory, out lazy);
    }

    private static bool Read(nint context, string? file, string? directory)
    {
        fixed (byte* filePath = file is null ? null : Libc.ZeroTerminated(file))
        fixed (byte* directoryPath = directory is null ? null : Libc.ZeroTerminated(directory))
        {
            return OpenSsl.SSL_CTX_load_verify_locations(context, filePath, directoryPath) == 1;
        }
    }
}
