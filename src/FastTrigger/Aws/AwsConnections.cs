using FastTrigger.Http;

namespace FastTrigger.Aws;

/// <summary>The connections that one loop keeps, one an endpoint, and the second try with the system's roots (C6.3).</summary>
internal sealed class AwsConnections(AwsShared shared) : IDisposable
{
    private readonly List<(Origin Origin, HttpConnection Connection)> _kept = [];
    private readonly List<string> _needSystemRoots = [];

    /// <summary>A kept connection that may still be used, else a new one; null with the reason.</summary>
    public HttpConnection? Take(Origin origin, string region, bool idempotent, Deadline deadline, out HttpProblem problem)
    {
        problem = HttpProblem.None;
        var kept = _kept.FindIndex(entry => entry.Origin == origin);
        if (kept >= 0)
        {
            var connection = _kept[kept].Connection;
            _kept.RemoveAt(kept);
            if (connection.IsReusable(idempotent))
            {
                return connection;
            }

            connection.Dispose();
        }

        return Open(origin, region, deadline, out problem);
    }

    public void GiveBack(Origin origin, HttpConnection connection) => _kept.Add((origin, connection));

    public void Dispose()
    {
        foreach (var (_, connection) in _kept)
        {
            connection.Dispose();
        }

        _kept.Clear();
    }

    /// <summary>A new connection.</summary>
    public HttpConnection? Open(Origin origin, string region, Deadline deadline, out HttpProblem problem)
    {
        if (!origin.Tls)
        {
            return HttpConnection.Open(origin, null, HttpProxy.None, deadline, shared.Settings.Clock, out problem);
        }

        var small = !_needSystemRoots.Contains(origin.Host) && shared.Trust.BeginsSmall(region);
        var connection = Open(origin, small ? shared.Trust.Amazon : shared.Trust.ForAws, deadline, out problem);
        if (problem.Fault != HttpFault.Untrusted || !small)
        {
            return connection;
        }

        connection = Open(origin, shared.Trust.System, deadline, out problem);
        if (connection is not null)
        {
            _needSystemRoots.Add(origin.Host);
        }

        return connection;
    }

    private HttpConnection? Open(Origin origin, TrustSource trust, Deadline deadline, out HttpProblem problem) =>
        HttpConnection.Open(origin, trust, shared.Settings.Proxy, deadline, shared.Settings.Clock, out problem, resume: true);
}
