using System.Security.Cryptography.X509Certificates;
using FastTrigger.Tests.Support;

namespace FastTrigger.NativeTests;

/// <summary>
/// The peers that the published function accepts and refuses, with either link: the OpenSSL that is linked in and the system's judge alike.
/// TlsSecurityTests tests the binding in detail.
/// </summary>
public sealed class TlsLinkTests : IDisposable
{
    private const string Event = """{"source":"x"}""";

    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [MemberData(nameof(Artifacts.Links), MemberType = typeof(Artifacts))]
    public async Task A_valid_certificate_and_its_intermediate_are_accepted(string link)
    {
        using var intermediate = _certificates.Intermediate();
        await using var server = new TlsServer(_certificates.Server(issuer: intermediate), intermediate);
        await using var function = await StartAsync(link, server.Port);
        var (document, errorType) = await function.InvokeAsync(Event);
        Assert.True(errorType is null, document?.ToJsonString());
    }

    [Theory]
    [InlineData("static", "host", "hostname mismatch")]
    [InlineData("static", "expired", "expired")]
    [InlineData("static", "early", "not yet valid")]
    [InlineData("static", "self-signed", "self-signed")]
    [InlineData("static", "stranger", "unable to get local issuer")]
    [InlineData("static", "no intermediate", "unable to get local issuer")]
    [InlineData("dynamic", "host", "hostname mismatch")]
    [InlineData("dynamic", "expired", "expired")]
    [InlineData("dynamic", "early", "not yet valid")]
    [InlineData("dynamic", "self-signed", "self-signed")]
    [InlineData("dynamic", "stranger", "unable to get local issuer")]
    [InlineData("dynamic", "no intermediate", "unable to get local issuer")]
    public async Task A_certificate_with_one_fault_is_refused_and_the_fault_is_said(string link, string fault, string reason)
    {
        using var strangers = new TestCertificates();
        using var intermediate = _certificates.Intermediate();
        await using var server = new TlsServer(fault switch
        {
            "host" => _certificates.Server("example.com"),
            "expired" => _certificates.Server(fromDays: -2, toDays: -1),
            "early" => _certificates.Server(fromDays: 1),
            "self-signed" => TestCertificates.SelfSigned(),
            "stranger" => strangers.Server(),
            _ => _certificates.Server(issuer: intermediate),
        });
        await RefusedAsync(link, server.Port, reason);
    }

    [Theory]
    [MemberData(nameof(Artifacts.Links), MemberType = typeof(Artifacts))]
    public async Task What_is_weak_is_refused(string link)
    {
        await RefusedAsync(link, _certificates.Server(sha1: true), "-tls1_2", "too weak");
        await RefusedAsync(link, _certificates.Server(bits: 1024), "-tls1_2", "too weak");
        await RefusedAsync(link, _certificates.Server(), "-tls1_1", "version");
    }

    private async Task RefusedAsync(string link, X509Certificate2 certificate, string version, string reason)
    {
        var (file, key) = _certificates.Files(certificate);
        using var server = await OpenSslServer.StartAsync(file, key, version);
        await RefusedAsync(link, server.Port, reason);
    }

    private async Task RefusedAsync(string link, int port, string reason)
    {
        await using var function = await StartAsync(link, port);
        var (document, errorType) = await function.InvokeAsync(Event);
        Assert.Equal("Function.ActionFailed", errorType);
        Assert.Contains(reason, document!.ToJsonString(), StringComparison.OrdinalIgnoreCase);
    }

    private Task<NativeFunction> StartAsync(string link, int port) => NativeFunction.StartAsync(
        $$$"""
        {"routes": [{"name": "r", "when": {"source": ["x"]}, "do": [{"check-website": {"url": "https://localhost:{{{port}}}/"}}]}]}
        """,
        bootstrap: Artifacts.Linked(link),
        variables: ("SSL_CERT_FILE", _certificates.RootFile));
}
