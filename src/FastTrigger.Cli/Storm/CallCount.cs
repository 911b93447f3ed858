using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Cli.Storm;

/// <summary>The calls of one operation in a storm, compared with a quota.</summary>
/// <param name="Throttled">The calls that AWS refused because of the quota, or would have refused.</param>
/// <param name="Refused">The calls that it refused for another reason.</param>
/// <param name="Retried">The refused calls that came again.</param>
/// <param name="Quota">The scenario's quota, or a documented one; null when there is none.</param>
/// <param name="IsEnforced">Whether the local AWS throttled by it.</param>
internal sealed record CallCount(
    string Operation,
    int Made,
    int Throttled,
    int Refused,
    int Retried,
    double PeakPerSecond,
    ScenarioQuota? Quota,
    bool IsEnforced)
{
    private static readonly HashSet<string> s_throttles = ["RequestLimitExceeded", "ThrottlingException"];

    public static IReadOnlyList<CallCount> Of(IEnumerable<AwsCall> calls, DateTimeOffset started, StormScenario scenario)
    {
        var counts = new List<CallCount>();
        foreach (var group in calls.GroupBy(static call => $"{call.Service}:{call.Operation}").OrderBy(static group => group.Key))
        {
            var enforced = scenario.Quotas.FirstOrDefault(quota => quota.Operation == group.Key);
            AwsCall[] made = [.. group.OrderBy(static call => call.At)];
            var peak = made.GroupBy(call => (int)(call.At - started).TotalSeconds).Max(static second => second.Count());
            var throttled = made.Count(static call => s_throttles.Contains(call.Note));
            var quota = enforced ?? DocumentedQuotas.Find(group.Key);
            counts.Add(new(
                group.Key,
                made.Length,
                enforced is null && quota is not null ? CountThrottled(made.Select(call => call.At - started), quota) : throttled,
                made.Count(static call => call.Status != 200) - throttled,
                CountRetried(made),
                peak,
                quota,
                enforced is not null));
        }

        return counts;
    }

    /// <summary>A call that was refused and whose parameters come again later was retried.</summary>
    private static int CountRetried(AwsCall[] made) => made
        .GroupBy(static call => call.Parameters.ToJsonString())
        .Sum(static same => same.SkipLast(1).Count(static call => call.Status != 200));

    private static int CountThrottled(IEnumerable<TimeSpan> at, ScenarioQuota quota)
    {
        var bucket = new TokenBucket(quota.Bucket, quota.RefillPerSecond);
        return at.Count(time => !bucket.TryTake(time));
    }
}
