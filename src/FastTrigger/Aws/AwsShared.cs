using FastTrigger.Configuration;

namespace FastTrigger.Aws;

/// <summary>What all loops of a process share: immutable, or locked inside.</summary>
internal sealed class AwsShared
{
    private long _clockOffsetMs;

    public AwsShared(Settings settings)
    {
        Settings = settings;
        Endpoints = new(settings.Variable);
        Trust = new(settings);
        Credentials = new(settings, Trust);
    }

    public Settings Settings { get; }

    public AwsEndpoints Endpoints { get; }

    public TrustStore Trust { get; }

    public CredentialsProvider Credentials { get; }

    public RoleCredentials Roles { get; } = new();

    public Ssm.ParameterStore Parameters { get; } = new();

    public RetryBudget Budget { get; } = new();

    /// <summary>The time as AWS has it, milliseconds since 1970.</summary>
    public long NowMs => Settings.Clock.UnixMs + ClockOffsetMs;

    /// <summary>Whether a call that is not declared is refused. Tests set it, so that no action can forget a declaration.</summary>
    public bool RefusesUndeclared { get; init; }

    /// <summary>How far AWS's clock is ahead of ours, once a refused signature has shown it.</summary>
    public long ClockOffsetMs
    {
        get => Interlocked.Read(ref _clockOffsetMs);
        set => Interlocked.Exchange(ref _clockOffsetMs, value);
    }
}
