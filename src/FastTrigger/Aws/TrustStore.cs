using FastTrigger.Configuration;
using FastTrigger.Http;

namespace FastTrigger.Aws;

/// <summary>
/// Which roots are trusted (C6.3). The small file with Amazon's roots saves time and is no pinning: a chain that does not end in it is
/// tried once more with the system's store. A context is made when it is first needed, and all loops share it.
/// </summary>
internal sealed class TrustStore(Settings settings)
{
    public const string RootsFile = "amazon-roots.pem";

    private readonly Lock _lock = new();
    private readonly string _roots = settings.TaskRoot.TrimEnd('/') + "/" + RootsFile;
    private readonly string? _bundle = settings.Variable("AWS_CA_BUNDLE");
    private readonly string? _certFile = settings.Variable("SSL_CERT_FILE");
    private readonly string? _certDirectory = settings.Variable("SSL_CERT_DIR");

    /// <summary>OpenSSL's configuration file takes 0.3 ms to read, so it is read only when it is named, or for FIPS endpoints.</summary>
    private readonly bool _readConfiguration =
        settings.Variable("OPENSSL_CONF") is not null || settings.Variable("AWS_USE_FIPS_ENDPOINT") is not null;

    private TlsContext? _amazon, _aws, _system;

    /// <summary>Whether a call to this region tries the small file first.</summary>
    public bool BeginsSmall(string region) =>
        _bundle is null
        && _certFile is null
        && _certDirectory is null
        && Partition.Of(region) is { HasAmazonRoots: true }
        && File.Exists(_roots);

    public TlsContext? Amazon(out string problem) => Load(ref _amazon, _roots, null, out problem);

    /// <summary>For AWS: AWS_CA_BUNDLE when it is set, else the system's store.</summary>
    public TlsContext? ForAws(out string problem) =>
        _bundle is null ? System(out problem) : Load(ref _aws, _bundle, null, out problem);

    /// <summary>For all others: SSL_CERT_FILE and SSL_CERT_DIR when they are set, else the system's store.</summary>
    public TlsContext? System(out string problem) =>
        Load(ref _system, _certFile ?? settings.SystemRoots, _certDirectory, out problem);

    /// <summary>The same roots as <see cref="System"/> in a context of its own, which the caller may change.</summary>
    public TlsContext? SystemApart(out string problem) =>
        TlsContext.Create(_certFile ?? settings.SystemRoots, _certDirectory, out problem, _readConfiguration);

    private TlsContext? Load(ref TlsContext? known, string? file, string? directory, out string problem)
    {
        lock (_lock)
        {
            problem = "";
            return known ??= TlsContext.Create(file, directory, out problem, _readConfiguration);
        }
    }
}
