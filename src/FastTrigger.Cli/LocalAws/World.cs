using System.Text.Json.Serialization;

namespace FastTrigger.Cli.LocalAws;

/// <summary>What a world file says there is: servers, websites, and what goes wrong.</summary>
internal sealed record WorldFile
{
    public IReadOnlyList<WorldInstance> Instances { get; set; } = [];

    public IReadOnlyList<WorldSite> Sites { get; set; } = [];

    public IReadOnlyList<Fault> Faults { get; set; } = [];
}

/// <summary>A server. State as EC2 names it; agent is "online" or "offline".</summary>
internal sealed record WorldInstance
{
    public required string Id { get; set; }

    public string State { get; set; } = "running";

    public string Agent { get; set; } = "online";

    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();
}

/// <summary>A page of the local website.</summary>
internal sealed record WorldSite
{
    public string Path { get; set; } = "/";

    public int Status { get; set; } = 200;

    public string Body { get; set; } = "";
}

/// <summary>Something that goes wrong with the next calls of an operation.</summary>
internal sealed record Fault
{
    /// <summary>The operation, such as SendCommand; null for every one.</summary>
    public string? Operation { get; set; }

    public required FaultKind Kind { get; set; }

    /// <summary>How many calls it befalls.</summary>
    public int Times { get; set; } = 1;

    /// <summary>For <see cref="FaultKind.Slow"/>, and how long a resource stays unknown for <see cref="FaultKind.NotFound"/>.</summary>
    public int Milliseconds { get; set; } = 1_000;
}

internal enum FaultKind
{
    /// <summary>ThrottlingException or RequestLimitExceeded; nothing is done.</summary>
    [JsonStringEnumMemberName("throttle")]
    Throttle,

    /// <summary>HTTP 500; nothing is done.</summary>
    [JsonStringEnumMemberName("500")]
    ServerError,

    /// <summary>The connection is reset; nothing is done.</summary>
    [JsonStringEnumMemberName("reset")]
    Reset,

    /// <summary>It is done, and the connection is reset before the answer.</summary>
    [JsonStringEnumMemberName("accepted-then-reset")]
    AcceptedThenReset,

    /// <summary>It is done, and answered with HTTP 500.</summary>
    [JsonStringEnumMemberName("accepted-then-500")]
    AcceptedThenServerError,

    /// <summary>It is answered late.</summary>
    [JsonStringEnumMemberName("slow")]
    Slow,

    /// <summary>Nothing comes back at all, as when packets are dropped.</summary>
    [JsonStringEnumMemberName("silent")]
    Silent,

    /// <summary>SendCommand refuses the instances.</summary>
    [JsonStringEnumMemberName("invalid-instance-id")]
    InvalidInstanceId,

    /// <summary>EC2 does not know the resources yet.</summary>
    [JsonStringEnumMemberName("not-found")]
    NotFound,

    /// <summary>The session token has expired.</summary>
    [JsonStringEnumMemberName("expired-token")]
    ExpiredToken,
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = System.Text.Json.JsonCommentHandling.Skip)]
[JsonSerializable(typeof(WorldFile))]
internal sealed partial class WorldJson : JsonSerializerContext;
