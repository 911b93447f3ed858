using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Cli.Commands;

/// <summary>The settings of a local run, which several commands share.</summary>
internal sealed record LocalOptions
{
    public string? Routes { get; init; }

    public string? World { get; init; }

    public string? Bootstrap { get; init; }

    /// <summary>Where the scripts of the servers run.</summary>
    public ScriptShell Shell { get; init; }

    /// <summary>Hosts, or host:port, besides the local servers that calls and website checks may reach.</summary>
    public IReadOnlyList<string> Network { get; init; } = [];

    public IReadOnlyList<string> Environment { get; init; } = [];

    public string Region { get; init; } = "us-east-1";

    public string Account { get; init; } = "123456789012";

    public int Port { get; init; }

    public int TimeoutSeconds { get; init; } = 30;

    /// <summary>The maximum number of environments.</summary>
    public int Concurrency { get; init; } = 1_000;

    /// <summary>How fast environments may be added; null for any speed.</summary>
    public TokenBucket? Scaling { get; init; }

    public int MemoryMegabytes { get; init; } = 128;

    public TimeSpan IdleLifetime { get; init; } = TimeSpan.MaxValue;

    /// <summary>The folder of the servers' disks and tables; null for a temporary folder.</summary>
    public string? State { get; init; }

    /// <summary>The dead-letter queue of asynchronous invocations; null for none.</summary>
    public string? DeadLetterQueue { get; init; }

    /// <summary>The queue that is the on-failure destination of asynchronous invocations; null for none.</summary>
    public string? OnFailure { get; init; }

    /// <summary>The clock that delays the retries of asynchronous invocations.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
