using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FastTrigger.Cli.Storm;

/// <summary>A load test: its events, the limits of Lambda and AWS, and what is compared. A scenario file has these keys.</summary>
internal sealed record StormScenario
{
    /// <summary>The event file, relative to the scenario's folder.</summary>
    public string? Event { get; set; }

    /// <summary>The routes file, relative to the scenario's folder.</summary>
    public string? Routes { get; set; }

    public required ScenarioArrivals Arrivals { get; set; }

    /// <summary>How many instances each launch has; null for as many as the event file has.</summary>
    [Range(1, 1_000)]
    public int? Instances { get; set; }

    /// <summary>The function's memory in MB. GB-seconds are counted by it, and its heap is limited by it.</summary>
    [Range(128, 10_240)]
    public int Memory { get; set; } = 128;

    /// <summary>The seconds without an event after which an environment stops; 0 for never.</summary>
    [Range(0, 3_600)]
    public double IdleSeconds { get; set; }

    /// <summary>The limits of environments. The storm runs once with each.</summary>
    public IReadOnlyList<int> Environments { get; set; } = [100];

    /// <summary>How fast environments may be added; null for any speed.</summary>
    public ScenarioScaling? Scaling { get; set; }

    /// <summary>Whether the storm also runs with all environments started before.</summary>
    public bool Warm { get; set; }

    /// <summary>How many environments a run with provisioned concurrency initialises before the storm; null for no such run.</summary>
    [Range(1, 10_000)]
    public int? Provisioned { get; set; }

    /// <summary>How many calls AWS takes. What is not here is not throttled.</summary>
    public IReadOnlyList<ScenarioQuota> Quotas { get; set; } = [];

    /// <summary>The queue of a run in which the same events come in batches; null for no such run.</summary>
    public ScenarioQueue? Queue { get; set; }

    /// <summary>What is paid; null to count without prices.</summary>
    public ScenarioPrices? Prices { get; set; }

    /// <summary>The largest limit of environments. It is a method, as the file has no such key.</summary>
    public int MaxEnvironments() => Environments.Max();

    public StormPlan CreatePlan() =>
        new(Arrivals.PerSecond, TimeSpan.FromSeconds(Arrivals.Seconds), Enum.Parse<ArrivalKind>(Arrivals.Kind, ignoreCase: true));
}

/// <summary>When events arrive.</summary>
internal sealed record ScenarioArrivals
{
    [AllowedValues("constant", "ramp", "burst", "poisson")]
    public string Kind { get; set; } = "poisson";

    [Range(0.01, 10_000)]
    public required double PerSecond { get; set; }

    [Range(1, 3_600)]
    public required int Seconds { get; set; }
}

/// <summary>How fast Lambda adds environments: a burst at once, then some each second.</summary>
internal sealed record ScenarioScaling
{
    [Range(1, 100_000)]
    public required double Burst { get; set; }

    [Range(0.01, 100_000)]
    public required double PerSecond { get; set; }
}

/// <summary>A bucket of tokens of AWS for one operation in an account and region.</summary>
internal sealed record ScenarioQuota
{
    /// <summary>A service and its operation, such as ec2:CreateTags.</summary>
    public required string Operation { get; set; }

    [Range(1, 1_000_000)]
    public required double Bucket { get; set; }

    [Range(0.01, 1_000_000)]
    public required double RefillPerSecond { get; set; }

    /// <summary>Where the figures are from, for the report.</summary>
    public string Source { get; set; } = "";
}

/// <summary>An event source mapping of an SQS queue.</summary>
internal sealed record ScenarioQueue
{
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 10;

    /// <summary>How long a batch is gathered, in seconds.</summary>
    [Range(0, 300)]
    public double WindowSeconds { get; set; }

    /// <summary>The batches that are invoked at the same time at first.</summary>
    [Range(1, 1_250)]
    public int Pollers { get; set; } = 5;

    /// <summary>How many more each minute while messages are left.</summary>
    [Range(0, 10_000)]
    public int MorePollersPerMinute { get; set; } = 300;

    /// <summary>The time after which a message that was not done comes again.</summary>
    [Range(0.1, 43_200)]
    public double VisibilitySeconds { get; set; } = 30;

    /// <summary>How often a message is delivered before it is left to the dead letters.</summary>
    [Range(1, 1_000)]
    public int MaxReceives { get; set; } = 3;
}

/// <summary>Prices, which are an assumption of the scenario.</summary>
internal sealed record ScenarioPrices
{
    public string Currency { get; set; } = "USD";

    [Range(0, 1_000)]
    public required double MillionRequests { get; set; }

    [Range(0, 1)]
    public required double GbSecond { get; set; }

    [Range(0, 1_000)]
    public double MillionQueueRequests { get; set; }

    public string Source { get; set; } = "";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(StormScenario))]
internal sealed partial class StormJson : JsonSerializerContext;
