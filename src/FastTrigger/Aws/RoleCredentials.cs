using FastTrigger.Aws.Sts;
using FastTrigger.Core;

namespace FastTrigger.Aws;

/// <summary>The credentials of roles that actions name, each kept until it comes near its end (C6.1). All loops of a process share them.</summary>
internal sealed class RoleCredentials
{
    /// <summary>What an invocation began with must serve it to its end, and an invocation may take 15 minutes.</summary>
    private const long RenewBeforeMs = 16 * 60_000;

    private const int Most = 100;

    private readonly Lock _lock = new();
    private readonly List<(AssumeRoleRequest Request, AwsCredentials Credentials)> _kept = [];

    /// <param name="region">Whose STS is asked.</param>
    public AwsFailure? Get(AwsClient client, Clock clock, string region, AssumeRoleRequest request, Deadline deadline, out AwsCredentials? credentials)
    {
        lock (_lock)
        {
            foreach (var kept in _kept)
            {
                if (kept.Request.IsSame(request) && kept.Credentials.ExpiresMs - clock.UnixMs > RenewBeforeMs)
                {
                    credentials = kept.Credentials;
                    return null;
                }
            }
        }

        // Two loops that come here at once both ask, which costs a call; waiting for another's network would cost time.
        if (new StsClient(client, region).AssumeRole(request, deadline, out credentials) is { } failure)
        {
            return failure;
        }

        lock (_lock)
        {
            _kept.RemoveAll(kept => kept.Request.IsSame(request));
            if (_kept.Count == Most)
            {
                _kept.RemoveAt(0);
            }

            _kept.Add((request, credentials!));
        }

        return null;
    }

    /// <summary>What AWS has called expired is asked for again.</summary>
    public void Forget(AwsCredentials credentials)
    {
        lock (_lock)
        {
            _kept.RemoveAll(kept => kept.Credentials == credentials);
        }
    }
}
