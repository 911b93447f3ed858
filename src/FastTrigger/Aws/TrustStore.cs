using FastTrigger.Configuration;
using FastTrigger.Http;

namespace FastTrigger.Aws;

/// <summary>
/// Which roots are believed (C6.3). The small file with Amazon's roots is a speed measure, not pinning: a chain that does not end in it is
/// tried once more with the system's store. Contexts are made when they are first needed and shared by all loops.
/// </summary>
internal sealed class TrustStore(Settings settings)
{
    public const string RootsFile = "amazon-roots.pem";

    private readonly Lock _lock = new();
    private readonly string _roots = settings.TaskRoot.TrimEnd('/') + "/" + RootsFile;
    private readonly string? _bundle = settings.Variable("AWS_CA_BUNDLE");
    private readonly string? _certFile = settings.Variable("SSL_CERT_FILE");
    private readonly string? _certDirectory = settings.Variable("SSL_CERT_DIR");

    /// <summary>OpenSSL's own file of settings, which takes 0.3 ms to read, is for those who have named one or need its FIPS provider.</summary>
    private readonly bool _readConfiguration = settings.Variable("OPENSSL_CONF") is not null || settings.Variable("AWS_USE_FIPS_ENDPOINT") is not null;

    private TlsContext? _amazon, _aws, _system;

    /// <summary>Whether calls to this region begin with the small file.</summary>
    public bool BeginsSmall(string region) =>
        _bundle is null && _certFile is null && _certDirectory is null && Partition.Of(region) is { HasAmazonRoots: true } && File.Exists(_roots);

    public TlsContext? Amazon(out string problem) => Load(ref _amazon, _roots, null, out problem);

    /// <summary>For AWS: AWS_CA_BUNDLE when it is set, else the system's.</summary>
    public TlsContext? ForAws(out string problem) => _bundle is null ? System(out problem) : Load(ref _aws, _bundle, null, out problem);

    /// <summary>For everybody else: SSL_CERT_FILE and SSL_CERT_DIR when set, else the system's store.</summary>
    public TlsContext? System(out string problem) => Load(ref _system, _certFile ?? settings.SystemRoots, _certDirectory, out problem);

    /// <summary>The same roots as <see cref="System"/> in a context of its own, for whoever changes it.</summary>
    public TlsContext? SystemApart(out string problem) => TlsContext.Create(_certFile ?? settings.SystemRoots, _certDirectory, out problem, _readConfiguration);

    private TlsContext? Load(ref TlsContext? known, string? file, string? directory, out string problem)
    {
        lock (_lock)
        {
            problem = "";
            return known ??= TlsContext.Create(file, directory, out problem, _readConfiguration);
        }
    }
}
