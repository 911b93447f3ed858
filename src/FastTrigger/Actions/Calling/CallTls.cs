using FastTrigger.Aws;
using FastTrigger.Http;
using FastTrigger.Values;

namespace FastTrigger.Actions.Calling;

/// <summary>
/// `tls`: the authority and the name of the server's certificate, and the function's own certificate. Files are beside routes.json.
/// </summary>
internal sealed class CallTls
{
    private readonly Lock _lock = new();
    private string? _caFile, _certificateFile, _keyFile;
    private TlsContext? _context;

    /// <summary>The name for SNI and verification; null for the host of the URL.</summary>
    public string? ServerName { get; private init; }

    /// <summary>Whether the system's roots are trusted.</summary>
    public bool UsesSystemTrust => _caFile is null;

    public static CallTls Read(SettingReader settings)
    {
        var tls = new CallTls
        {
            ServerName = settings.Matching("serverName", "the name of a host", IsHost),
        };
        tls._caFile = ReadFile(settings, "caFile");
        tls._certificateFile = ReadFile(settings, "certificateFile");
        tls._keyFile = ReadFile(settings, "keyFile");
        if ((tls._certificateFile is null) != (tls._keyFile is null))
        {
            settings.Problems.Add(settings.Node, "'certificateFile' and 'keyFile' go together");
        }

        return tls;
    }

    /// <summary>The context, which is made when it is first needed and then kept.</summary>
    public TlsContext? Trust(TrustStore trust, out string problem)
    {
        problem = "";
        lock (_lock)
        {
            if (_context is not null)
            {
                return _context;
            }

            if (_certificateFile is null && _caFile is null)
            {
                return _context = trust.System(out problem);
            }

            var context = _caFile is null ? trust.SystemApart(out problem) : TlsContext.Create(_caFile, null, out problem);
            var isReady = context is not null
                && (_certificateFile is null || context.UseCertificate(_certificateFile, _keyFile!, out problem));
            if (isReady)
            {
                return _context = context;
            }

            context?.Dispose();
            return null;
        }
    }

    private static bool IsHost(string text) => Origin.TryParse($"https://{text}/", out var origin, out _) && origin.Port == 443;

    private static string? ReadFile(SettingReader settings, string name)
    {
        if (settings.String(name) is not { } file)
        {
            return null;
        }

        var folder = Path.GetDirectoryName(settings.Problems.File);
        var path = Path.IsPathRooted(file) || string.IsNullOrEmpty(folder) ? file : $"{folder}/{file}";
        settings.Expect(settings.Node.Find(name)!.Value, File.Exists(path), name, $"a PEM file; there is no {path}");
        return path;
    }
}
