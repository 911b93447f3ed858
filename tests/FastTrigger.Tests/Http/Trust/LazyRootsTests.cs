using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Tests.Support;
using static FastTrigger.Tests.Http.Trust.TestAuthority;

namespace FastTrigger.Tests.Http.Trust;

/// <summary>A chain is verified as if OpenSSL had read the whole bundle, though it parses few certificates of it (C6.3).</summary>
public sealed class LazyRootsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-roots-").FullName;
    private readonly X509Certificate2 _root = Root("O=Test, CN=The root");
    private readonly X509Certificate2[] _others = [.. Enumerable.Range(0, 20).Select(i => Root($"CN=Another root {i}"))];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Only_the_certificates_that_a_chain_asks_for_are_parsed()
    {
        using var trust = Trust([.. _others, _root]);
        await using var server = new TlsServer(Leaf(_root));
        Assert.True(trust.LoadRoots(out _));
        Assert.Empty(OpenSslStore.Certificates(trust));
        Assert.True(Handshake(server.Port, trust).IsNone);
        Assert.Equal([_root.RawData], Held(trust));
        await using var stranger = new TlsServer(Leaf(Root("CN=Nobody")));
        Assert.Equal(HttpFault.Untrusted, Handshake(stranger.Port, trust).Fault);
        Assert.Equal([_root.RawData], Held(trust));
    }

    [Fact]
    public Task A_root_that_is_not_in_the_bundle_is_refused() => AssertSame(Pem(_others), Leaf(_root), isAccepted: false);

    [Fact]
    public async Task All_certificates_with_a_subject_are_tried()
    {
        using var twin = Root("O=Test, CN=The root");
        using var expired = Root("O=Test, CN=The root", toDays: -1);
        foreach (var bundle in (X509Certificate2[][])[[twin, expired, _root], [_root, twin, expired], [expired, _root, twin]])
        {
            await AssertSame(Pem(bundle), Leaf(_root), isAccepted: true);
        }

        await AssertSame(Pem([twin]), Leaf(_root), isAccepted: false);
        await AssertSame(Pem([expired]), Leaf(expired), isAccepted: false);
    }

    [Theory]
    [InlineData(12, "the  ROOT ")]
    [InlineData(19, "The Root")]
    [InlineData(30, "\0T\0h\0E\0 \0r\0o\0o\0t")]
    public async Task A_name_that_is_written_in_another_way_is_found(int type, string text)
    {
        using var root = Root("CN=The root");
        var leaf = Leaf(root, Name(type, Encoding.Latin1.GetBytes(text)));
        await AssertSame(Pem([.. _others, root]), leaf, isAccepted: true);
        await AssertSame(Pem(_others), leaf, isAccepted: false);
    }

    [Fact]
    public async Task For_a_name_of_a_strange_form_each_certificate_is_parsed_once()
    {
        using var root = Root("CN=The root");
        using var trust = Trust([.. _others, root]);
        await using var server = new TlsServer(Leaf(root, UnusualName("The root")));
        for (var i = 0; i < 3; i++)
        {
            var problem = Handshake(server.Port, trust);
            Assert.True(problem.IsNone, problem.Detail);
            Assert.Equal(_others.Length + 1, OpenSslStore.Certificates(trust).Count);
        }

        await AssertSame(Pem(_others), Leaf(root, UnusualName("The root")), isAccepted: false);
    }

    [Fact]
    public async Task Intermediates_and_leaves_of_a_bundle_count_as_OpenSSL_says()
    {
        using var intermediate = Under(_root, "CN=An intermediate");
        using var leaf = Leaf(intermediate);
        await AssertSame(Pem([.. _others, intermediate, _root]), leaf, isAccepted: true);
        await AssertSame(Pem([.. _others, intermediate]), leaf, isAccepted: false);
        await AssertSame(Pem([.. _others, leaf]), leaf, isAccepted: false);
        using var alone = Leaf(null);
        await AssertSame(Pem([.. _others, alone]), alone, isAccepted: true);
        await AssertSame(Pem(_others), alone, isAccepted: false);
    }

    [Theory]
    [InlineData("-addtrust", "serverAuth", true)]
    [InlineData("-addreject", "serverAuth", false)]
    [InlineData("-addtrust", "emailProtection", false)]
    public async Task What_a_certificate_of_the_bundle_is_trusted_for_counts(string option, string purpose, bool isAccepted)
    {
        var (file, trusted) = (Write("trust.pem", Pem([_root])), Path.Combine(_folder, "trusted.pem"));
        using var openssl = Process.Start("openssl", ["x509", "-in", file, "-out", trusted, "-trustout", option, purpose]);
        await openssl.WaitForExitAsync(TestContext.Current.CancellationToken);
        await AssertSame(Pem(_others) + File.ReadAllText(trusted), Leaf(_root), isAccepted);
        Assert.StartsWith("-----BEGIN TRUSTED CERTIFICATE-----", File.ReadAllText(trusted), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_chain_of_a_peer_parses_nothing_that_is_not_in_it()
    {
        var chain = new List<X509Certificate2> { Root("CN=Peer 0") };
        for (var i = 1; i < 60; i++)
        {
            chain.Add(Under(chain[^1], $"CN=Peer {i}"));
        }

        using var leaf = Leaf(chain[^1]);
        var (certificate, key, all) = (Write("leaf.pem", Pem([leaf])), Write("leaf.key", Key(leaf)), Write("chain.pem", Pem(chain)));
        using var server = await OpenSslServer.StartAsync(certificate, key, "-cert_chain", all);
        using var trust = Trust([.. _others, _root]);
        Assert.Equal(HttpFault.Untrusted, Handshake(server.Port, trust).Fault);
        Assert.Empty(OpenSslStore.Certificates(trust));
        using var knows = Trust([.. _others, chain[0], _root]);
        var problem = Handshake(server.Port, knows);
        Assert.True(problem.IsNone, problem.Detail);
        Assert.Equal([chain[0].RawData], Held(knows));
    }

    [Fact]
    public async Task A_bundle_that_changes_after_it_was_read_stays_as_it_was()
    {
        using var trust = Trust([.. _others, _root]);
        await using var server = new TlsServer(Leaf(_root));
        Assert.True(trust.LoadRoots(out _));
        File.WriteAllText(Path.Combine(_folder, "bundle.pem"), Pem(_others));
        Assert.True(Handshake(server.Port, trust).IsNone);
    }

    [Fact]
    public async Task Ten_thousand_certificates_are_read()
    {
        var text = string.Concat(Enumerable.Repeat(Pem(_others), 500)) + Pem([_root]);
        await AssertSame(text, Leaf(_root), isAccepted: true, compare: false);
    }

    [Fact]
    public async Task Handshakes_at_the_same_time_share_a_bundle()
    {
        using var trust = Trust([.. _others, _root]);
        await using var server = new TlsServer(Leaf(_root));
        await using var other = new TlsServer(Leaf(_others[3]));
        var problems = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
            () => Handshake(i % 2 == 0 ? server.Port : other.Port, trust))));
        Assert.All(problems, problem => Assert.True(problem.IsNone, problem.Detail));
        Assert.Equal(2, OpenSslStore.Certificates(trust).Count);
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_parsed_is_named_when_a_chain_needs_it()
    {
        // The name of the curve, 1.2.840.10045.3.1.7, becomes the length of something else.
        var broken = _root.RawData;
        var at = broken.AsSpan().IndexOf((byte[])[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]);
        broken[at + 1] = 0x7f;
        var file = Write("bundle.pem", Pem([.. _others]) + PemEncoding.WriteString("CERTIFICATE", broken));
        using var trust = TlsContext.Create(file, null, out _)!;
        await using var server = new TlsServer(Leaf(_root));
        var problem = Handshake(server.Port, trust);
        Assert.Equal(HttpFault.Tls, problem.Fault);
        Assert.Contains($"certificate 21 of {file} could not be read: ", problem.Detail, StringComparison.Ordinal);
        await using var other = new TlsServer(Leaf(_others[0]));
        problem = Handshake(other.Port, trust);
        Assert.True(problem.IsNone, problem.Detail);
    }

    private static IEnumerable<byte[]> Held(TlsContext trust) => OpenSslStore.Certificates(trust).Select(Convert.FromHexString);

    private static string Pem(IEnumerable<X509Certificate2> certificates) =>
        string.Concat(certificates.Select(certificate => certificate.ExportCertificatePem() + "\n"));

    private static string Key(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey();
        return key!.ExportPkcs8PrivateKeyPem();
    }

    private static HttpProblem Handshake(int port, TlsContext trust)
    {
        var tcp = TcpTransport.Connect("127.0.0.1", port, Exchange.Soon, Clock.System, out _);
        var origin = new Origin(true, "localhost", port, "/");
        using var tls = HttpConnection.BeginTls(tcp!, origin, TestCertificates.Source(trust), resume: false, out var problem);
        return tls?.Complete(Exchange.Soon) ?? problem;
    }

    /// <summary>The verdict is the expected one, and the one of an OpenSSL that has read the whole bundle.</summary>
    private async Task AssertSame(string bundle, X509Certificate2 leaf, bool isAccepted, bool compare = true)
    {
        await using var server = new TlsServer(leaf);
        var file = Write("bundle.pem", bundle);
        using var lazy = TlsContext.Create(file, null, out _)!;
        var problem = Handshake(server.Port, lazy);
        Assert.True(isAccepted == problem.IsNone, problem.Detail);
        if (!compare)
        {
            return;
        }

        using var eager = TlsContext.Create(Write("root.pem", Pem([_others[0]])), null, out _)!;
        Assert.True(OpenSslStore.ReadAll(eager, file));
        Assert.Equal(problem, Handshake(server.Port, eager));
    }

    private TlsContext Trust(IEnumerable<X509Certificate2> certificates)
    {
        var context = TlsContext.Create(Write("bundle.pem", Pem(certificates)), null, out var problem);
        Assert.True(context is not null, problem);
        return context;
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
