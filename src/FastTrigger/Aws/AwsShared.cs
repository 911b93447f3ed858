namespace FastTrigger.Aws;

/// <summary>What all loops of a process share: immutable, or locked inside.</summary>
internal sealed class AwsShared(Settings settings)
{
    private long _clockOffsetMs;

    public Settings Settings => settings;

    public CredentialsProvider Credentials { get; } = new(settings);

    public AwsEndpoints Endpoints { get; } = new(settings.Variable);

    public TrustStore Trust { get; } = new(settings);

    public RetryBudget Budget { get; } = new();

    /// <summary>How far AWS's clock is ahead of ours, once a refused signature has shown it.</summary>
    public long ClockOffsetMs
    {
        get => Interlocked.Read(ref _clockOffsetMs);
        set => Interlocked.Exchange(ref _clockOffsetMs, value);
    }
}
