using FastTrigger.Http;

namespace FastTrigger.Aws;

/// <summary>
/// Opens connections before anybody needs them, on a thread of its own: name, TCP, TLS. Whoever waits for it waits no longer than he said;
/// what is opened after that is closed again.
/// </summary>
internal sealed class ConnectionOpener(AwsClient client, AwsShared shared, IReadOnlyList<(string Service, string Region)> endpoints, bool systemTrust, Deadline deadline)
{
    private readonly Lock _lock = new();
    private readonly List<(Origin Origin, HttpConnection Connection)> _opened = [];
    private readonly List<string> _failures = [];
    private bool _left;
    private Thread? _thread;

    /// <summary>Returns when OpenSSL and the roots are loaded: two milliseconds of computing, in which the other thread finds names and connects.</summary>
    public void Start()
    {
        _thread = new(Run, 256 * 1024) { IsBackground = true };
        _thread.Start();
        // Whoever needs a context first loads it, and the other waits for that.
        foreach (var (service, region) in endpoints)
        {
            if (shared.Endpoints.For(service, region, out _) is { Tls: true })
            {
                _ = shared.Trust.BeginsSmall(region) ? shared.Trust.Amazon(out _) : shared.Trust.ForAws(out _);
            }
        }
    }

    /// <summary>Gives the client what was opened in time; what was not, and why.</summary>
    public IReadOnlyList<string> Finish()
    {
        var ended = _thread!.Join(deadline.RemainingMs);
        lock (_lock)
        {
            _left = true;
            if (!ended)
            {
                _failures.Add("the rest was not done within the time for it");
            }

            foreach (var (origin, connection) in _opened)
            {
                // A server's session tickets come right behind the handshake: this look takes them in.
                _ = connection.IsReusable(idempotent: true);
                client.Connections.GiveBack(origin, connection);
            }

            return _failures;
        }
    }

    private void Run()
    {
        string problem;
        if (endpoints.Count > 0 && shared.Credentials.Get(deadline, out problem) is null)
        {
            Note(problem);
        }

        foreach (var (service, region) in endpoints)
        {
            if (shared.Endpoints.For(service, region, out problem) is not { } origin)
            {
                Note(problem);
            }
            else if (!IsOpen(origin))
            {
                Open(origin, region);
            }
        }

        if (systemTrust && shared.Trust.System(out problem) is null)
        {
            Note(problem);
        }
    }

    /// <summary>Services may share an endpoint, as they do on this machine.</summary>
    private bool IsOpen(Origin origin) => _opened.Exists(opened => opened.Origin == origin);

    private void Open(Origin origin, string region)
    {
        var connection = client.Connections.Open(origin, region, deadline, out var problem);
        if (connection is null)
        {
            Note(problem.Detail);
            return;
        }

        lock (_lock)
        {
            if (!_left)
            {
                _opened.Add((origin, connection));
                return;
            }
        }

        connection.Dispose();
    }

    private void Note(string problem)
    {
        lock (_lock)
        {
            if (!_left)
            {
                _failures.Add(problem);
            }
        }
    }
}
