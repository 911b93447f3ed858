using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Cli.Storm;

/// <summary>
/// The calls of a storm compared with AWS's throttling: a token bucket for each operation in an account and region
/// (docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html). The sizes are those of EC2's categories. Service Quotas shows the
/// sizes of an account. Systems Manager publishes none.
/// </summary>
/// <param name="Size">The tokens in a full bucket; null when AWS does not publish it.</param>
/// <param name="Refill">The tokens that are added each second.</param>
/// <param name="Refused">The calls that find the bucket empty.</param>
internal sealed record CallQuota(
    string Operation,
    int Calls,
    double PeakPerSecond,
    double MeanPerSecond,
    int? Size,
    int? Refill,
    int Refused)
{
    private const int ReadSize = 100, ReadRefill = 20, WriteSize = 50, WriteRefill = 5;

    public static IReadOnlyList<CallQuota> Of(IEnumerable<AwsCall> calls, DateTimeOffset started, TimeSpan duration)
    {
        var quotas = new List<CallQuota>();
        foreach (var group in calls.GroupBy(static call => (call.Service, call.Operation)).OrderBy(static group => group.Key))
        {
            var (service, operation) = group.Key;
            var reads = operation.StartsWith("Describe", StringComparison.Ordinal);
            double[] at = [.. group.Select(call => (call.At - started).TotalSeconds).Order()];
            quotas.Add(Of($"{service}:{operation}", service == "ec2", reads, at, duration));
        }

        return quotas;
    }

    private static CallQuota Of(string name, bool published, bool reads, double[] at, TimeSpan duration)
    {
        var peak = at.GroupBy(static time => (int)time).Max(static second => second.Count());
        var (size, refill) = reads ? (ReadSize, ReadRefill) : (WriteSize, WriteRefill);
        var mean = at.Length / duration.TotalSeconds;
        return published
            ? new(name, at.Length, peak, mean, size, refill, CountRefused(at, size, refill))
            : new(name, at.Length, peak, mean, null, null, 0);
    }

    private static int CountRefused(double[] at, int size, int refill)
    {
        var tokens = (double)size;
        var last = 0.0;
        var refused = 0;
        foreach (var time in at)
        {
            tokens = Math.Min(size, tokens + ((time - last) * refill));
            last = time;
            if (tokens < 1)
            {
                refused++;
            }
            else
            {
                tokens--;
            }
        }

        return refused;
    }
}
