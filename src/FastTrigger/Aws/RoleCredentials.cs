using FastTrigger.Aws.Sts;
using FastTrigger.Core;

namespace FastTrigger.Aws;

/// <summary>
/// The credentials of roles that actions name, each kept until shortly before they expire (C6.1). All loops of a process share them.
/// </summary>
internal sealed class RoleCredentials
{
    /// <summary>An invocation keeps the credentials that it starts with, and may take 15 minutes.</summary>
    private const long RenewBeforeMs = 16 * 60_000;

    private const int MaxKept = 100;

    private readonly Lock _lock = new();
    private readonly List<(AssumeRoleRequest Request, AwsCredentials Credentials)> _kept = [];

    /// <param name="region">The region of the STS that is called.</param>
    public AwsFailure? Get(
        AwsCaller aws,
        Clock clock,
        string region,
        AssumeRoleRequest request,
        Deadline deadline,
        out AwsCredentials? credentials)
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

        // Two loops that come here at once both call, which costs a request; waiting for another loop's network would cost time.
        if (new StsClient(aws, region).AssumeRole(request, deadline, out credentials) is { } failure)
        {
            return failure;
        }

        lock (_lock)
        {
            _kept.RemoveAll(kept => kept.Request.IsSame(request));
            if (_kept.Count == MaxKept)
            {
                _kept.RemoveAt(0);
            }

            _kept.Add((request, credentials!));
        }

        return null;
    }

    /// <summary>Forgets credentials that AWS has reported as expired, so that the role is assumed anew.</summary>
    public void Forget(AwsCredentials credentials)
    {
        lock (_lock)
        {
            _kept.RemoveAll(kept => kept.Credentials == credentials);
        }
    }
}
