using System.Security.Cryptography.X509Certificates;
using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Http.Trust;

namespace FastTrigger.Tests.Http.Trust;

/// <summary>Where the system's store is found: where OpenSSL was built to find it, else in the first known place.</summary>
public sealed class RootLoaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-places-").FullName;
    private readonly TlsContext _context = TlsContext.Create(null, null, out _)!;
    private readonly X509Certificate2 _one = TestAuthority.Root("CN=One"), _two = TestAuthority.Root("CN=Two");

    public void Dispose()
    {
        _context.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void The_file_that_OpenSSL_was_built_with_comes_first() =>
        AssertLoaded(new(Pem("own", _one), Missing, [Pem("known", _two)], []), _one);

    [Fact]
    public void The_first_known_file_that_exists_is_next() =>
        AssertLoaded(new(Missing, Missing, [Missing, Pem("known", _two), Pem("last", _one)], [Missing]), _two);

    [Fact]
    public void A_directory_where_OpenSSL_looks_leaves_no_other_place() =>
        AssertLoaded(new(Missing, _folder, [Pem("known", _two)], [_folder]), null);

    [Fact]
    public void A_file_that_is_broken_leaves_no_other_place()
    {
        var broken = Path.Combine(_folder, "own");
        File.WriteAllText(broken, "-----BEGIN CERTIFICATE-----\n");
        AssertLoaded(new(broken, Missing, [Pem("known", _two)], []), null);
    }

    [Fact]
    public void Nothing_anywhere_is_no_error() => AssertLoaded(new(Missing, Missing, [Missing], [Missing]), null);

    [Fact]
    public void The_places_of_this_system_are_those_of_its_OpenSSL()
    {
        var system = SystemStore.Own();
        Assert.EndsWith("/cert.pem", system.File, StringComparison.Ordinal);
        Assert.True(system.IsThere);
    }

    private string Missing => Path.Combine(_folder, "nothing");

    private void AssertLoaded(SystemStore system, X509Certificate2? root)
    {
        RootLoader.LoadSystem(_context.Handle, system, out var lazy);
        Assert.Equal(root is null, lazy is null);
        if (root is not null)
        {
            Assert.Equal(1, lazy!.Bundle.Count);
            Assert.Equal(root.RawData, lazy.Bundle.Certificate(0, out _).ToArray());
        }

        lazy?.Detach();
        Assert.Equal(0u, (uint)OpenSsl.ERR_get_error());
    }

    private string Pem(string name, X509Certificate2 certificate)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, certificate.ExportCertificatePem());
        return path;
    }
}
