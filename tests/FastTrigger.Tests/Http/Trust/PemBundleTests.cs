using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FastTrigger.Fuzzing;
using FastTrigger.Http;
using FastTrigger.Http.Trust;

namespace FastTrigger.Tests.Http.Trust;

/// <summary>What is read of a file are the certificates that OpenSSL reads of it. Any other file is left to OpenSSL.</summary>
public sealed class PemBundleTests : IDisposable
{
    private static readonly X509Certificate2 s_one = TestAuthority.Root("CN=One"), s_two = TestAuthority.Root("CN=Two, O=Test");
    private static readonly string s_first = s_one.ExportCertificatePem() + "\n", s_second = s_two.ExportCertificatePem() + "\n";
    private static readonly string s_list = PemEncoding.WriteString("X509 CRL", RevocationList()) + "\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-bundle-").FullName;

    public static TheoryData<string, string> Read => new()
    {
        { "two", s_first + s_second },
        { "no line end at the end", s_first + s_second.TrimEnd() },
        { "line ends of Windows", (s_first + s_second).Replace("\n", "\r\n", StringComparison.Ordinal) },
        { "blanks at the ends of lines", (s_first + s_second).Replace("\n", " \t\n", StringComparison.Ordinal) },
        { "comments", $"# One\n=====\n{s_first}\n\n  Two: -----\n\"é\"\n{s_second}the end" },
        { "a long comment", $"# {new string('-', 700)}\n{s_first}{new string('x', 1000)}\n{s_second}" },
        { "one twice", s_first + s_second + s_first },
        { "an old name of the block", (s_first + s_second).Replace(" CERT", " X509 CERT", StringComparison.Ordinal) },
        { "trust that says nothing", (s_first + s_second).Replace(" CERT", " TRUSTED CERT", StringComparison.Ordinal) },
        { "lines of 16", s_first + Lines(s_two, 16) },
        { "lines of 76", s_first + Lines(s_two, 76) },
    };

    public static TheoryData<string, string> Left => new()
    {
        { "nothing", "" },
        { "text", "no certificate\n" },
        { "a list of revoked certificates", s_first + s_list + s_second },
        { "the start of a file of two bytes a letter", "\ufeff" + s_first },
        { "NUL", s_first + "\0\n" + s_second },
        { "a key", s_first + PemEncoding.WriteString("PRIVATE KEY", [1, 2, 3]) + "\n" + s_second },
        { "a block of another kind", s_first + PemEncoding.WriteString("SOMETHING", [1, 2, 3]) + "\n" + s_second },
        { "a line of headers", s_first + s_second.Replace("CERTIFICATE-----\n", "CERTIFICATE-----\nA: b\n\n", StringComparison.Ordinal) },
        { "an empty line in a block", s_first + s_second.Replace("CERTIFICATE-----\n", "CERTIFICATE-----\n\n", StringComparison.Ordinal) },
        { "a block that is cut off", s_first + s_second[..200] },
        { "a block without an end", s_first + s_second[..s_second.IndexOf("-----END", StringComparison.Ordinal)] },
        { "a block that ends as another", s_first + s_second.Replace("END CERT", "END X509 CERT", StringComparison.Ordinal) },
        { "a letter that is none of base64", s_first + s_second.Replace('M', '*') },
        { "a line that is too short", s_first + s_second.Remove(100, 1) },
        { "lines that are missing", s_first + s_second.Remove(s_second.IndexOf('\n', StringComparison.Ordinal) + 1, 65) },
        { "more behind a certificate", s_first + PemEncoding.WriteString("CERTIFICATE", [.. s_two.RawData, 5, 0]) },
        { "no certificate in a block", s_first + PemEncoding.WriteString("CERTIFICATE", [0x30, 2, 5, 0]) },
        { "an empty block", s_first + "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n" },
        { "one line", s_first + Lines(s_two, 4000) },
        { "a block within a line", s_first + "x" + s_second },
        { "blanks before lines", s_first + s_second.Replace("\n", "\n ", StringComparison.Ordinal) },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Read))]
    public void A_file_of_the_usual_form_is_read(string what, string text)
    {
        var bundle = PemBundle.Read(Encoding.UTF8.GetBytes(text));
        Assert.True(bundle is not null, what);
        AssertSame(bundle, text);
    }

    [Theory]
    [MemberData(nameof(Left))]
    public void Any_other_file_is_left_to_OpenSSL(string what, string text) =>
        Assert.True(PemBundle.Read(Encoding.UTF8.GetBytes(text)) is null, what);

    [Theory]
    [InlineData("")]
    [InlineData("no certificate\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")]
    public void A_file_that_OpenSSL_refuses_is_an_error_that_names_it(string text)
    {
        var file = Path.Combine(_folder, "roots.pem");
        File.WriteAllText(file, text);
        using var context = TlsContext.Create(file, null, out _)!;
        Assert.False(context.LoadRoots(out var problem));
        Assert.StartsWith($"no root certificates could be read from {file}: ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_block_refuses_the_whole_file()
    {
        var file = Path.Combine(_folder, "roots.pem");
        File.WriteAllText(file, s_first + s_second[..200]);
        using var context = TlsContext.Create(file, null, out _)!;
        Assert.False(context.LoadRoots(out _));
    }

    [Fact]
    public void A_file_that_changed_somewhere_is_read_as_OpenSSL_reads_it_or_left_to_it()
    {
        string[] lines = ["-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n"];
        string[] tokens = [.. lines, "TRUSTED ", "X509 ", "\r\n", "\n", "=", " ", "-----"];
        var seeds = Read.Concat(Left).Select(row => Encoding.UTF8.GetBytes(row.Data.Item2)).ToList();
        var mutator = new Mutator(seeds, seed: 3, isJson: false, tokens);
        var read = 0;
        for (var i = 0; i < 3000; i++)
        {
            var text = mutator.Next();
            if (PemBundle.Read([.. text]) is { } bundle)
            {
                read++;
                AssertSame(bundle, text);
            }
        }

        Assert.True(read > 150, $"only {read} files were read");
    }

    private static string Lines(X509Certificate2 certificate, int length)
    {
        var text = Convert.ToBase64String(certificate.RawData);
        var lines = text.Chunk(length).Select(letters => new string(letters));
        return $"-----BEGIN CERTIFICATE-----\n{string.Join('\n', lines)}\n-----END CERTIFICATE-----\n";
    }

    private static byte[] RevocationList() => new CertificateRevocationListBuilder()
        .Build(s_one, 1, DateTimeOffset.UtcNow.AddDays(1), HashAlgorithmName.SHA256);

    private void AssertSame(PemBundle bundle, string text) => AssertSame(bundle, Encoding.UTF8.GetBytes(text));

    /// <summary>OpenSSL reads the same certificates of the file, or refuses it because of one that is not to be parsed.</summary>
    private void AssertSame(PemBundle bundle, byte[] text)
    {
        var (found, canParse) = (new HashSet<string>(), true);
        for (var i = 0; i < bundle.Count; i++)
        {
            var der = bundle.Certificate(i, out var saysTrust);
            canParse &= OpenSslStore.CanParse(der, saysTrust);
            ReadOnlySpan<byte> rest = der;
            Assert.True(NameKey.TryRead(ref rest, 0x30, out _));
            found.Add(Convert.ToHexString(der[..^rest.Length]));
        }

        var file = Path.Combine(_folder, "bundle.pem");
        File.WriteAllBytes(file, text);
        using var context = TlsContext.Create(null, null, out _)!;
        var isRead = OpenSslStore.ReadAll(context, file);
        Assert.True(isRead == canParse, $"{isRead}: {Encoding.Latin1.GetString(text)}");
        Assert.True(!isRead || found.SetEquals(OpenSslStore.Certificates(context)), Encoding.Latin1.GetString(text));
    }
}
