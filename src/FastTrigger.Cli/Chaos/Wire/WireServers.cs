using FastTrigger.Cli.Commands;
using FastTrigger.Cli.LocalLambda;

namespace FastTrigger.Cli.Chaos.Wire;

/// <summary>
/// The local servers behind wires: three functions over one AWS. One reaches AWS by plain HTTP with credentials that change, one by TLS,
/// and one by TLS through a proxy. Their names resolve or do not, and between each environment and its Runtime API there is a wire too.
/// </summary>
internal sealed class WireServers : IAsyncDisposable
{
    private readonly LocalRun _local;
    private readonly List<IAsyncDisposable> _parts = [];
    private volatile bool _isExpired;

    private WireServers(LocalRun local) => _local = local;

    /// <summary>SendCommand has no client token: of a command that a wire repeats, only the guard on the server makes one.</summary>
    public WireFaults Plain { get; } = new(static (fault, piece) => fault.Kind == WireFaultKind.Duplicate
        && piece.Span.IndexOf("AmazonSSM.SendCommand"u8) >= 0
        && piece.Span.IndexOf("\"Plant-Valve\""u8) >= 0);

    public WireFaults Tls { get; } = new();

    public WireFaults Credentials { get; } = new();

    public WireFaults RuntimeApi { get; } = new();

    /// <summary>Null where a user may have no namespaces, for the reason of <see cref="NamesProblem"/>.</summary>
    public WireNames? Names { get; private set; }

    public string NamesProblem { get; private set; } = "";

    public WireCredentials Keys { get; private set; } = null!;

    public ExpiredServer Expired { get; private set; } = null!;

    /// <summary>The functions that reach AWS by plain HTTP, by TLS, and by TLS through a proxy.</summary>
    public IReadOnlyList<LocalFunction> Functions { get; private set; } = [];

    public static async Task<WireServers> StartAsync(LocalRun local, string folder, string bootstrap)
    {
        var servers = new WireServers(local);
        servers.Names = WireNames.TryCreate(folder, bootstrap, out var problem);
        servers.NamesProblem = problem;
        servers.Keys = servers.Add(await WireCredentials.StartAsync(local.World));
        servers.Expired = servers.Add(new ExpiredServer(local.Aws.CreateExpiredCertificate()));
        var host = servers.Names is null ? "localhost" : "aws.localhost";
        var http = servers.Wire(() => PortOf(local.Aws.HttpUrl), servers.Plain);
        var https = servers.Wire(() => servers.Secure(local.Aws.HttpsUrl), servers.Tls);
        var site = servers.Wire(() => servers.Secure(local.Aws.SiteUrl), servers.Tls);
        var keys = servers.Wire(() => servers.Keys.Port, servers.Credentials);
        var common = new Dictionary<string, string>(local.Function.Settings.Environment)
        {
            ["SITE"] = $"https://localhost:{site.Port}/",
            ["FASTTRIGGER_NETWORK"] = $"localhost:{site.Port}",
            ["LAMBDA_TASK_ROOT"] = Path.GetDirectoryName(Path.GetFullPath(bootstrap))!,
        };
        var plain = new Dictionary<string, string>(common)
        {
            ["AWS_ENDPOINT_URL"] = $"http://{host}:{http.Port}",
            ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = $"http://127.0.0.1:{keys.Port}{WireCredentials.Path}",
            ["AWS_ACCESS_KEY_ID"] = "",
            ["AWS_SECRET_ACCESS_KEY"] = "",
            ["AWS_SESSION_TOKEN"] = "",
        };
        var tls = new Dictionary<string, string>(common) { ["AWS_ENDPOINT_URL"] = $"https://{host}:{https.Port}" };
        var tunnel = servers.Add(new WireProxy(static () => null, new()));
        var proxied = new Dictionary<string, string>(tls)
        {
            ["HTTPS_PROXY"] = $"http://127.0.0.1:{servers.Wire(() => tunnel.Port, servers.Tls).Port}",
        };
        servers.Functions =
        [
            servers.Function(plain, WireRun.PlainTimeout),
            servers.Function(tls, WireRun.TlsTimeout),
            servers.Function(proxied, WireRun.TlsTimeout),
        ];
        return servers;
    }

    /// <summary>Whether new TLS connections reach a server whose certificate has expired.</summary>
    public void Expire(bool expired) => _isExpired = expired;

    /// <summary>Ends all faults.</summary>
    public void Calm()
    {
        foreach (var faults in (ReadOnlySpan<WireFaults>)[Plain, Tls, Credentials, RuntimeApi])
        {
            faults.Forget();
        }

        _isExpired = false;
        Names?.Resolve(true);
    }

    public async ValueTask DisposeAsync()
    {
        // The functions first: they are the clients of all others.
        for (var i = _parts.Count - 1; i >= 0; i--)
        {
            await _parts[i].DisposeAsync();
        }
    }

    private int Secure(string url) => _isExpired ? Expired.Port : PortOf(url);

    private static int PortOf(string url) => new Uri(url).Port;

    private T Add<T>(T part)
        where T : IAsyncDisposable
    {
        lock (_parts)
        {
            _parts.Add(part);
        }

        return part;
    }

    private WireProxy Wire(Func<int?> target, WireFaults faults) => Add(new WireProxy(target, faults));

    private LocalFunction Function(Dictionary<string, string> environment, TimeSpan timeout)
    {
        var wires = new WireProxies(RuntimeApi);
        Add(wires);
        return Add(new LocalFunction(_local.Function.Settings with
        {
            Bootstrap = Names?.Program ?? _local.Function.Settings.Bootstrap,
            Timeout = timeout,
            Environment = environment,
            RuntimeApi = wires.Before,
        })
        {
            Delivering = payload => _local.World.AddNamedIn(System.Text.Encoding.UTF8.GetString(payload)),
        });
    }

    /// <summary>The wires between environments and their Runtime APIs.</summary>
    private sealed class WireProxies(WireFaults faults) : IAsyncDisposable
    {
        private readonly List<WireProxy> _all = [];

        /// <param name="address">The host:port of a Runtime API.</param>
        public string Before(string address)
        {
            var port = int.Parse(address.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
            var proxy = new WireProxy(() => port, faults);
            lock (_all)
            {
                _all.Add(proxy);
            }

            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"127.0.0.1:{proxy.Port}");
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var proxy in _all)
            {
                await proxy.DisposeAsync();
            }
        }
    }
}
