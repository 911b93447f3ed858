using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Cli.Storm;

/// <summary>
/// How the calls of a storm would have stood against AWS's throttling: a bucket of tokens for each operation, in an account and region
/// (docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html). The sizes are those of EC2's categories; an account may have others,
/// which Service Quotas shows. Systems Manager publishes none for its operations.
/// </summary>
/// <param name="Size">Tokens in a full bucket; null where nothing is published.</param>
/// <param name="Refill">Tokens a second.</param>
internal sealed record CallQuota(string Operation, int Calls, double PeakPerSecond, double MeanPerSecond, int? Size, int? Refill, int Refused)
{
    private const int ReadSize = 100, ReadRefill = 20, WriteSize = 50, WriteRefill = 5;

    public static IReadOnlyList<CallQuota> Of(IEnumerable<AwsCall> calls, DateTimeOffset began, TimeSpan duration) =>
        [.. calls.GroupBy(static call => (call.Service, call.Operation)).OrderBy(static group => group.Key).Select(group => Of($"{group.Key.Service}:{group.Key.Operation}", group.Key.Service == "ec2", group.Key.Operation.StartsWith("Describe", StringComparison.Ordinal), [.. group.Select(call => (call.At - began).TotalSeconds).Order()], duration))];

    private static CallQuota Of(string name, bool published, bool reads, double[] at, TimeSpan duration)
    {
        var peak = at.GroupBy(static time => (int)time).Max(static second => second.Count());
        var (size, refill) = reads ? (ReadSize, ReadRefill) : (WriteSize, WriteRefill);
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

        return new(name, at.Length, peak, at.Length / duration.TotalSeconds, published ? size : null, published ? refill : null, published ? refused : 0);
    }
}
