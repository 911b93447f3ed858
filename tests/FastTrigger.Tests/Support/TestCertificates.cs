using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FastTrigger.Http;

namespace FastTrigger.Tests.Support;

/// <summary>A certificate authority for one test, and server certificates that are valid or have one fault.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-certificates-").FullName;
    private readonly X509Certificate2 _root;

    public TestCertificates() => _root = Authority($"CN=Test authority {Guid.NewGuid():n}", null);

    public string RootFile => Write("root.pem", _root.ExportCertificatePem());

    /// <param name="host">The name in the subjectAltName; empty for none.</param>
    /// <param name="subject">The common name; null for the host.</param>
    public X509Certificate2 Server(
        string host = "localhost",
        int fromDays = -1,
        int toDays = 10,
        bool sha1 = false,
        X509Certificate2? issuer = null,
        bool address = false,
        string? subject = null,
        int bits = 2048)
    {
        using var key = RSA.Create(bits);
        var request = new CertificateRequest($"CN={subject ?? host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        if (address)
        {
            names.AddIpAddress(System.Net.IPAddress.Loopback);
        }
        else if (host.Length > 0)
        {
            names.AddDnsName(host);
        }

        if (address || host.Length > 0)
        {
            request.CertificateExtensions.Add(names.Build());
        }

        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(fromDays), DateTimeOffset.UtcNow.AddDays(toDays));
        var serial = RandomNumberGenerator.GetBytes(12);
        using var leaf = sha1
            ? request.Create(_root.SubjectName, new Sha1Generator(_root.GetRSAPrivateKey()!), from, to, serial)
            : request.Create(issuer ?? _root, from, to, serial);
        return leaf.CopyWithPrivateKey(key);
    }

    public X509Certificate2 Intermediate() => Authority("CN=Test intermediate", _root);

    public static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(10));
    }

    /// <summary>Trust as connections take it: one context for the lifetime of the source.</summary>
    public TrustSource Roots() => Source(Trust());

    public static TrustSource Source(TlsContext context) => (out string problem) =>
    {
        problem = "";
        return context;
    };

    public TlsContext Trust()
    {
        var context = TlsContext.Create(RootFile, null, out var problem);
        Assert.True(context is not null, problem);
        return context;
    }

    /// <summary>Certificate and key as files, for a server in a child process.</summary>
    public (string Certificate, string Key) Files(X509Certificate2 certificate) =>
        Files(certificate, "server");

    public (string Certificate, string Key) Files(X509Certificate2 certificate, string name)
    {
        var key = certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem();
        return (Write(name + ".pem", certificate.ExportCertificatePem()), Write(name + ".key", key));
    }

    public void Dispose()
    {
        _root.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Signs with SHA-1, because .NET refuses to sign a certificate with it.</summary>
    private sealed class Sha1Generator(RSA key) : X509SignatureGenerator
    {
        // sha1WithRSAEncryption, 1.2.840.113549.1.1.5
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) =>
            [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05, 0x05, 0x00];

#pragma warning disable CA5350 // A weak algorithm is what the test needs.
        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) =>
            key.SignData(data, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1);
#pragma warning restore CA5350

        protected override PublicKey BuildPublicKey() => new(key);
    }

    private static X509Certificate2 Authority(string name, X509Certificate2? issuer)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var from = DateTimeOffset.UtcNow.AddDays(-2);
        if (issuer is null)
        {
            return request.CreateSelfSigned(from, DateTimeOffset.UtcNow.AddDays(30));
        }

        using var issued = request.Create(issuer, from, DateTimeOffset.UtcNow.AddDays(20), RandomNumberGenerator.GetBytes(12));
        return issued.CopyWithPrivateKey(key);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
