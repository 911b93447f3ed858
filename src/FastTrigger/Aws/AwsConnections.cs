using FastTrigger.Core;
using FastTrigger.Http;

namespace FastTrigger.Aws;

/// <summary>The connections that one loop keeps, one for each endpoint, and the second try with the system's roots (C6.3).</summary>
internal sealed class AwsConnections(AwsShared shared) : IDisposable
{
    private readonly List<(Origin Origin, HttpConnection Connection)> _kept = [];
    private readonly List<string> _needSystemRoots = [];

    /// <summary>A kept connection that can still be used, else a new one; null with the reason.</summary>
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

        // A peer that is silent while a connection opens has received nothing, so the caller may try again (C5.3).
        return Open(origin, region, deadline.AtMost(shared.Settings.Clock, HttpConnection.FirstByteMs), out problem);
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

    /// <summary>Opens a new connection; null with the reason.</summary>
    public HttpConnection? Open(Origin origin, string region, Deadline deadline, out HttpProblem problem)
    {
        if (!origin.Tls)
        {
            return HttpConnection.Open(origin, null, HttpProxy.None, deadline, shared.Settings.Clock, out problem);
        }

        var connection = Open(origin, TrustFor(origin, region), deadline, out problem);
        return MayTryAgain(origin, region, problem) ? OpenBySystemRoots(origin, deadline, out problem) : connection;
    }

    /// <summary>The roots that are trusted on the first try.</summary>
    public TrustSource TrustFor(Origin origin, string region) => BeginsSmall(origin, region) ? shared.Trust.Amazon : shared.Trust.ForAws;

    /// <summary>Whether a failure means only that the chain does not end in Amazon's own roots (C6.3).</summary>
    public bool MayTryAgain(Origin origin, string region, HttpProblem problem) =>
        problem.Fault == HttpFault.Untrusted && BeginsSmall(origin, region);

    /// <summary>The second try. From then on it is the first one for this host.</summary>
    public HttpConnection? OpenBySystemRoots(Origin origin, Deadline deadline, out HttpProblem problem)
    {
        var connection = Open(origin, shared.Trust.System, deadline, out problem);
        if (connection is not null)
        {
            _needSystemRoots.Add(origin.Host);
        }

        return connection;
    }

    private bool BeginsSmall(Origin origin, string region) =>
        !_needSystemRoots.Has(origin.Host) && shared.Trust.BeginsSmall(region);

    private HttpConnection? Open(Origin origin, TrustSource trust, Deadline deadline, out HttpProblem problem) =>
        HttpConnection.Open(origin, trust, shared.Settings.Proxy, deadline, shared.Settings.Clock, out problem, resume: true);
}
