using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FastTrigger.Tests.Http.Trust;

/// <summary>Certificates on elliptic curves, whose names have any form.</summary>
internal static class TestAuthority
{
    private static int s_serial;

    public static X509Certificate2 Root(string name, int toDays = 30) => Issue(new(name), null, null, isAuthority: true, toDays);

    /// <param name="as">The issuer's name as the certificate has it; null for the same bytes as in the issuer.</param>
    public static X509Certificate2 Under(X509Certificate2 issuer, string name, X500DistinguishedName? @as = null) =>
        Issue(new(name), issuer, @as, isAuthority: true, toDays: 20);

    /// <summary>A certificate for localhost.</summary>
    public static X509Certificate2 Leaf(X509Certificate2? issuer, X500DistinguishedName? @as = null) =>
        Issue(new("CN=localhost"), issuer, @as, isAuthority: false, toDays: 10);

    public static X509Certificate2 Issue(
        X500DistinguishedName name,
        X509Certificate2? issuer,
        X500DistinguishedName? issuerName,
        bool isAuthority,
        int toDays)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        var identifier = new X509SubjectKeyIdentifierExtension(request.PublicKey, false);
        request.CertificateExtensions.Add(identifier);
        var issuerIdentifier = issuer?.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single() ?? identifier;
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(issuerIdentifier));
        if (!isAuthority)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            request.CertificateExtensions.Add(names.Build());
        }

        using var issuerKey = issuer?.GetECDsaPrivateKey();
        var generator = X509SignatureGenerator.CreateForECDsa(issuerKey ?? key);
        var (now, serial) = (DateTimeOffset.UtcNow, BitConverter.GetBytes(Interlocked.Increment(ref s_serial) | 0x40000000));
        using var made = request.Create(
            issuerName ?? issuer?.SubjectName ?? name, generator, now.AddDays(-40), now.AddDays(toDays), serial);
        return made.CopyWithPrivateKey(key);
    }

    /// <summary>A name whose only text has this type: 12 for UTF-8, 19 for printable, 30 for two bytes a letter.</summary>
    public static X500DistinguishedName Name(int type, byte[] text)
    {
        byte[] attribute = [0x06, 3, 0x55, 4, 3, (byte)type, (byte)text.Length, .. text];
        return new([
            0x30, (byte)(attribute.Length + 4), 0x31, (byte)(attribute.Length + 2), 0x30, (byte)attribute.Length, .. attribute,
        ]);
    }

    /// <summary>The same name for OpenSSL as CN=TEXT, in a form that is no DER: its set has no length.</summary>
    public static X500DistinguishedName UnusualName(string text)
    {
        byte[] attribute = [0x06, 3, 0x55, 4, 3, 12, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
        return new([
            0x30, (byte)(attribute.Length + 6), 0x31, 0x80, 0x30, (byte)attribute.Length, .. attribute, 0, 0,
        ]);
    }
}
