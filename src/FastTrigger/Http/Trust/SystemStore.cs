using System.Runtime.InteropServices;
using FastTrigger.Core;

namespace FastTrigger.Http.Trust;

/// <summary>Where the system's roots are.</summary>
/// <param name="file">The file that OpenSSL was built with.</param>
/// <param name="directory">The directory that OpenSSL was built with, with a file for each hash of a name.</param>
/// <param name="knownFiles">Where distributions have the file, for an OpenSSL that was built for another one.</param>
/// <param name="knownDirectories">Where they have the directory.</param>
internal sealed class SystemStore(string file, string directory, string[] knownFiles, string[] knownDirectories)
{
    public string File => file;

    public string[] KnownFiles => knownFiles;

    public string[] KnownDirectories => knownDirectories;

    /// <summary>That of this system. Amazon Linux and RHEL, Debian, SUSE and Alpine have the known files.</summary>
    public static unsafe SystemStore Own() => new(
        Marshal.PtrToStringUTF8((nint)OpenSsl.X509_get_default_cert_file())!,
        Marshal.PtrToStringUTF8((nint)OpenSsl.X509_get_default_cert_dir())!,
        [
            "/etc/pki/tls/cert.pem",
            "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
            "/etc/ssl/certs/ca-certificates.crt",
            "/etc/ssl/ca-bundle.pem",
            "/etc/ssl/cert.pem",
        ],
        ["/etc/pki/tls/certs", "/etc/ssl/certs"]);

    /// <summary>Whether anything is where OpenSSL was built to find it. If so, no other place counts.</summary>
    public bool IsThere => System.IO.File.Exists(file) || Directory.Exists(directory);
}
