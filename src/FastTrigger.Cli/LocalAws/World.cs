using System.Text.Json.Serialization;

namespace FastTrigger.Cli.LocalAws;

/// <summary>What a world file says there is: servers, websites, and what goes wrong.</summary>
internal sealed record WorldFile
{
    public IReadOnlyList<WorldInstance> Instances { get; set; } = [];

    public IReadOnlyList<WorldSite> Sites { get; set; } = [];

    /// <summary>Roles that may be assumed.</summary>
    public IReadOnlyList<WorldRole> Roles { get; set; } = [];

    /// <summary>Parameter Store: names and values.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; set; } = new Dictionary<string, string>();

    /// <summary>Auto Scaling groups.</summary>
    public IReadOnlyList<WorldGroup> Groups { get; set; } = [];

    /// <summary>Documents of one's own.</summary>
    public IReadOnlyList<WorldDocument> Documents { get; set; } = [];

    /// <summary>DynamoDB tables with the key id, a string.</summary>
    public IReadOnlyList<string> Tables { get; set; } = [];

    /// <summary>SQS queues and the bodies of the messages in them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Queues { get; set; } = new Dictionary<string, IReadOnlyList<string>>();

    public IReadOnlyList<Fault> Faults { get; set; } = [];
}

/// <summary>A server. State as EC2 names it; agent is "online" or "offline".</summary>
internal sealed record WorldInstance
{
    public required string Id { get; set; }

    public string State { get; set; } = "running";

    public string Agent { get; set; } = "online";

    /// <summary>How long after the start the agent comes online, as it does on a server that was just launched.</summary>
    public int AgentAfterMs { get; set; }

    /// <summary>"ok"; or "undeliverable" or "timed-out" for an agent that is online and does not take commands.</summary>
    public string Delivery { get; set; } = "ok";

    public string VpcId { get; set; } = "vpc-0aaaaaaaaaaaaaaaa";

    /// <summary>Null for one that is named after the instance.</summary>
    public IReadOnlyList<string>? Volumes { get; set; }

    /// <summary>How long after the start its volumes are attached.</summary>
    public int VolumesAfterMs { get; set; }

    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();
}

/// <summary>A page of the local website.</summary>
internal sealed record WorldSite
{
    public string Path { get; set; } = "/";

    public int Status { get; set; } = 200;

    public string Body { get; set; } = "";

    /// <summary>Where it leads on to.</summary>
    public string? Location { get; set; }
}

/// <summary>A role of this or another account.</summary>
internal sealed record WorldRole
{
    public required string Arn { get; set; }

    /// <summary>What its trust policy asks for; null for nothing.</summary>
    public string? ExternalId { get; set; }

    /// <summary>How long its sessions last; null for as long as is asked for.</summary>
    public int? Seconds { get; set; }
}

/// <summary>An Auto Scaling group.</summary>
internal sealed record WorldGroup
{
    public required string Name { get; set; }

    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();
}

/// <summary>A document of one's own: for Run Command with a script, in which {{ NAME }} is replaced as Systems Manager does it; without, for Automation.</summary>
internal sealed record WorldDocument
{
    public required string Name { get; set; }

    /// <summary>The names of what it takes.</summary>
    public IReadOnlyList<string> Parameters { get; set; } = [];

    public string? Script { get; set; }

    /// <summary>How its automations end.</summary>
    public string Ends { get; set; } = "Success";

    /// <summary>How long they take.</summary>
    public int Milliseconds { get; set; } = 50;
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

    /// <summary>For <see cref="FaultKind.Error"/>.</summary>
    public string Code { get; set; } = "";

    /// <summary>For <see cref="FaultKind.Error"/>.</summary>
    public int Status { get; set; } = 400;
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

    /// <summary>A refusal with a code and a status of one's choice.</summary>
    [JsonStringEnumMemberName("error")]
    Error,
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = System.Text.Json.JsonCommentHandling.Skip)]
[JsonSerializable(typeof(WorldFile))]
internal sealed partial class WorldJson : JsonSerializerContext;
