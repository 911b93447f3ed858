using FastTrigger.Core;
using FastTrigger.Http;

namespace FastTrigger.Aws;

/// <summary>
/// Opens connections before they are needed, and overlaps the waiting. A second thread resolves names, connects, and then does the other
/// work, while this thread loads OpenSSL. The first messages of all handshakes are sent before one of them is completed. At the deadline
/// nobody waits any longer, and a connection that opens later is closed.
/// </summary>
/// <param name="meanwhile">The work of the second thread once the sockets are connected: it computes and does not wait.</param>
internal sealed class ConnectionOpener(
    AwsClient client,
    AwsShared shared,
    IReadOnlyList<(string Service, string Region)> endpoints,
    bool systemTrust,
    Action meanwhile,
    Deadline deadline)
{
    // Monitor waits for it.
    private readonly object _lock = new();
    private readonly List<Endpoint> _reached = [];
    private readonly List<string> _failures = [];
    private bool _left, _isReached;
    private Thread? _sockets, _systemTrust;

    /// <summary>Resolves, connects and loads OpenSSL; the handshakes have started when this returns.</summary>
    public void Begin()
    {
        _sockets = new(ReachAll, 256 * 1024) { IsBackground = true };
        _sockets.Start();
        if (systemTrust)
        {
            _systemTrust = new(() => Fenced(LoadSystemTrust), 256 * 1024) { IsBackground = true };
            _systemTrust.Start();
        }

        foreach (var (service, region) in endpoints)
        {
            if (shared.Endpoints.For(service, region, out _) is { Tls: true } origin)
            {
                _ = client.Connections.TrustFor(origin, region)(out _);
            }
        }

        lock (_lock)
        {
            while (!_isReached && !deadline.HasPassed)
            {
                Monitor.Wait(_lock, deadline.RemainingMs);
            }

            if (!_isReached)
            {
                _left = true;
                _failures.Add("not all endpoints were reached before the deadline");
            }
        }

        foreach (var endpoint in _reached)
        {
            if (endpoint.Origin.Tls)
            {
                var trust = client.Connections.TrustFor(endpoint.Origin, endpoint.Region);
                endpoint.Tls = HttpConnection.BeginTls(endpoint.Tcp, endpoint.Origin, trust, resume: true, out var problem);
                endpoint.Tls?.SendHello();
                endpoint.Problem = problem;
            }
        }
    }

    /// <summary>Gives the client the connections that are open in time; returns why the others are not.</summary>
    public IReadOnlyList<string> Finish()
    {
        foreach (var endpoint in _reached)
        {
            if (Complete(endpoint) is { } connection)
            {
                // A server sends its session tickets right after the handshake: this check reads them.
                _ = connection.IsReusable(idempotent: true);
                client.Connections.GiveBack(endpoint.Origin, connection);
            }
            else
            {
                Note(endpoint.Problem.Detail);
            }
        }

        if (_systemTrust?.Join(deadline.RemainingMs) == false)
        {
            Note("the system's certificates were not read before the deadline");
        }

        if (_left)
        {
            Fenced(meanwhile);
        }
        else
        {
            _sockets!.Join();
        }

        lock (_lock)
        {
            return [.. _failures];
        }
    }

    private HttpConnection? Complete(Endpoint endpoint)
    {
        if (!endpoint.Origin.Tls)
        {
            return HttpConnection.Over(endpoint.Tcp, shared.Settings.Clock);
        }

        if (endpoint.Tls is null)
        {
            return null;
        }

        endpoint.Problem = endpoint.Tls.Complete(deadline);
        if (client.Connections.MayTryAgain(endpoint.Origin, endpoint.Region, endpoint.Problem))
        {
            var connection = client.Connections.OpenBySystemRoots(endpoint.Origin, deadline, out var problem);
            endpoint.Problem = problem;
            return connection;
        }

        return endpoint.Problem.IsNone ? HttpConnection.Over(endpoint.Tls, shared.Settings.Clock) : null;
    }

    private void ReachAll()
    {
        Fenced(Reach);
        lock (_lock)
        {
            if (_left)
            {
                return;
            }

            _isReached = true;
            Monitor.Pulse(_lock);
        }

        Fenced(meanwhile);
    }

    private void Fenced(Action work)
    {
        try
        {
            work();
        }
        // A bug in work that is only done ahead of time must not end the process: the first event repeats it, and reports it.
        catch (Exception e)
        {
            Note($"{e.GetType().Name}: {e.Message}");
        }
    }

    private void Reach()
    {
        if (endpoints.Count > 0 && shared.Credentials.Get(deadline, out var failure) is null)
        {
            Note(failure!.Message);
        }

        foreach (var (service, region) in endpoints)
        {
            if (shared.Endpoints.For(service, region, out var problem) is not { } origin)
            {
                Note(problem);
            }
            // Services may share an endpoint, as the local servers do.
            else if (!_reached.Exists(endpoint => endpoint.Origin == origin))
            {
                Reach(origin, region);
            }
        }
    }

    private void Reach(Origin origin, string region)
    {
        var tcp = HttpConnection.Reach(origin, shared.Settings.Proxy, deadline, shared.Settings.Clock, out var problem);
        if (tcp is null)
        {
            Note(problem.Detail);
            return;
        }

        lock (_lock)
        {
            if (!_left)
            {
                _reached.Add(new(origin, region, tcp));
                return;
            }
        }

        tcp.Dispose();
    }

    private void LoadSystemTrust()
    {
        if (shared.Trust.System(out var problem) is not { } context || !context.LoadRoots(out problem))
        {
            Note(problem);
        }
    }

    private void Note(string problem)
    {
        lock (_lock)
        {
            _failures.Add(problem);
        }
    }

    /// <summary>A socket that becomes a connection.</summary>
    private sealed class Endpoint(Origin origin, string region, TcpTransport tcp)
    {
        public Origin Origin => origin;

        public string Region => region;

        public TcpTransport Tcp => tcp;

        public TlsTransport? Tls { get; set; }

        public HttpProblem Problem { get; set; } = HttpProblem.None;
    }
}
