using FastTrigger.Cli;

namespace FastTrigger.Tests.Storm;

/// <summary>The bucket by which AWS throttles calls, and Lambda the start of environments.</summary>
public sealed class TokenBucketTests
{
    [Fact]
    public void A_full_bucket_empties_and_refills_up_to_its_size()
    {
        var bucket = new TokenBucket(3, 2);
        Assert.Equal([true, true, true, false], Take(bucket, 0, 4));
        Assert.Equal([true, false], Take(bucket, 0.5, 2));
        Assert.Equal([true, true, true, false], Take(bucket, 60, 4));
    }

    [Fact]
    public void A_clock_that_goes_back_refills_nothing()
    {
        var bucket = new TokenBucket(1, 1);
        Assert.Equal([true], Take(bucket, 10, 1));
        Assert.Equal([false], Take(bucket, 5, 1));
        Assert.Equal([true], Take(bucket, 11, 1));
    }

    private static List<bool> Take(TokenBucket bucket, double at, int times) =>
        [.. Enumerable.Range(0, times).Select(_ => bucket.TryTake(TimeSpan.FromSeconds(at)))];
}
