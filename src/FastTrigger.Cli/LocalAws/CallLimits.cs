using System.Diagnostics;

namespace FastTrigger.Cli.LocalAws;

/// <summary>Throttles calls as AWS does: each limited operation has a bucket of tokens for the account and region.</summary>
/// <param name="buckets">The size and the refill a second of each limited operation, by names such as ec2:CreateTags.</param>
internal sealed class CallLimits(IEnumerable<(string Operation, double Size, double Refill)> buckets)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    private readonly Dictionary<string, TokenBucket> _buckets =
        buckets.ToDictionary(static bucket => bucket.Operation, static bucket => new TokenBucket(bucket.Size, bucket.Refill));

    /// <summary>Whether a call may be carried out now. Each asking counts.</summary>
    public bool Admits(string service, string operation) =>
        !_buckets.TryGetValue($"{service}:{operation}", out var bucket) || bucket.TryTake(Stopwatch.GetElapsedTime(_started));
}
