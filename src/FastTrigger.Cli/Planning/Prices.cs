namespace FastTrigger.Cli.Planning;

/// <summary>
/// List prices of us-east-1 in US dollars, without free tiers, read in November 2026. Those of a million are for a million of what is
/// counted; Amazon changes them.
/// </summary>
internal static class Prices
{
    /// <summary>aws.amazon.com/lambda/pricing, arm64.</summary>
    public const double MillionRequests = 0.20, GbSecond = 0.0000133334;

    /// <summary>aws.amazon.com/eventbridge/pricing, events of an account's own.</summary>
    public const double MillionEvents = 1.00;

    /// <summary>aws.amazon.com/sqs/pricing, standard queues.</summary>
    public const double MillionQueueRequests = 0.40;

    /// <summary>aws.amazon.com/cloudwatch/pricing: a gigabyte of logs taken in; a metric, and an alarm, of a month.</summary>
    public const double LogGb = 0.50, Metric = 0.30, Alarm = 0.10;

    /// <summary>aws.amazon.com/xray/pricing, traces recorded.</summary>
    public const double MillionTraces = 5.00;

    /// <summary>aws.amazon.com/dynamodb/pricing/on-demand, writes of up to a kilobyte.</summary>
    public const double MillionWrites = 0.625;
}
