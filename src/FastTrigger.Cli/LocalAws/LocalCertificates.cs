using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FastTrigger.Cli.LocalAws;

/// <summary>A certificate authority for one run, and its server certificate for localhost, with RSA-2048 as at AWS's endpoints.</summary>
internal sealed class LocalCertificates : IDisposable
{
    // A key takes longer to make than most tests to run; every local AWS of the process has a certificate of its own for it.
    private static readonly Lazy<RSA> s_authorityKey = new(static () => RSA.Create(2048));
    private static readonly Lazy<RSA> s_serverKey = new(static () => RSA.Create(2048));

    private readonly X509Certificate2 _root;

    public LocalCertificates()
    {
        var authority = CreateRequest("CN=FastTrigger local authority", s_authorityKey.Value);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        authority.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authority.PublicKey, false));
        var now = DateTimeOffset.UtcNow;
        _root = authority.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        Server = CreateServer(now.AddDays(29));
        AuthorityPem = _root.ExportCertificatePem();
    }

    /// <summary>The server certificate with its private key.</summary>
    public X509Certificate2 Server { get; }

    /// <summary>The certificate that a client must trust.</summary>
    public string AuthorityPem { get; }

    /// <summary>The same as <see cref="Server"/>, and a second too old.</summary>
    public X509Certificate2 CreateExpired() => CreateServer(DateTimeOffset.UtcNow.AddSeconds(-1));

    public void Dispose()
    {
        Server.Dispose();
        _root.Dispose();
    }

    private X509Certificate2 CreateServer(DateTimeOffset notAfter)
    {
        var request = CreateRequest("CN=localhost", s_serverKey.Value);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName("aws.localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, true, false));
        using var leaf = request.Create(_root, _root.NotBefore, notAfter, RandomNumberGenerator.GetBytes(12));
        return leaf.CopyWithPrivateKey(s_serverKey.Value);
    }

    private static CertificateRequest CreateRequest(string name, RSA key) =>
        new(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
}
