using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace FastTrigger.Cli.LocalAws;

/// <summary>A world file: servers, websites, other resources, and faults.</summary>
internal sealed record WorldFile
{
    public IReadOnlyList<WorldInstance> Instances { get; set; } = [];

    public IReadOnlyList<WorldSite> Sites { get; set; } = [];

    /// <summary>The roles that AssumeRole accepts.</summary>
    public IReadOnlyList<WorldRole> Roles { get; set; } = [];

    /// <summary>The values of Parameter Store by name.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; set; } = new Dictionary<string, string>();

    /// <summary>Auto Scaling groups.</summary>
    public IReadOnlyList<WorldGroup> Groups { get; set; } = [];

    /// <summary>Custom documents.</summary>
    public IReadOnlyList<WorldDocument> Documents { get; set; } = [];

    /// <summary>The names of the DynamoDB tables. Their key is the string id.</summary>
    public IReadOnlyList<string> Tables { get; set; } = [];

    /// <summary>The message bodies of the SQS queues by queue name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Queues { get; set; } = new Dictionary<string, IReadOnlyList<string>>();

    public IReadOnlyList<Fault> Faults { get; set; } = [];
}

/// <summary>A server. State is EC2's name of a state; agent is "online" or "offline".</summary>
internal sealed record WorldInstance
{
    [RegularExpression("m?i-[0-9a-f]+", ErrorMessage = "an instance has an id such as i-0123456789abcdef0 or mi-0123456789abcdef0")]
    public required string Id { get; set; }

    [AllowedValues("pending", "running", "shutting-down", "terminated", "stopping", "stopped")]
    public string State { get; set; } = "running";

    /// <summary>How long a change of its state takes.</summary>
    public int StateChangeMs { get; set; }

    /// <summary>Whether it was launched with hibernation.</summary>
    public bool Hibernation { get; set; }

    /// <summary>The operation that its protection forbids: "stop" or "terminate"; null for none.</summary>
    [AllowedValues(null, "stop", "terminate")]
    public string? Protected { get; set; }

    [AllowedValues("online", "offline")]
    public string Agent { get; set; } = "online";

    /// <summary>The time after the start at which the agent comes online, as on a new server.</summary>
    public int AgentAfterMs { get; set; }

    /// <summary>"ok", or "undeliverable" or "timed-out" for an agent that is online and accepts no commands.</summary>
    [AllowedValues("ok", "undeliverable", "timed-out")]
    public string Delivery { get; set; } = "ok";

    /// <summary>What its scripts reach: "none", or "host" for all that this machine reaches.</summary>
    [AllowedValues("none", "host")]
    public string Network { get; set; } = "none";

    public string VpcId { get; set; } = "vpc-0aaaaaaaaaaaaaaaa";

    /// <summary>The volume ids; null for one volume, whose id has the digits of the instance id.</summary>
    public IReadOnlyList<string>? Volumes { get; set; }

    /// <summary>The time after the start at which the volumes are attached.</summary>
    public int VolumesAfterMs { get; set; }

    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();
}

/// <summary>A page of the local website.</summary>
internal sealed record WorldSite
{
    public string Path { get; set; } = "/";

    public int Status { get; set; } = 200;

    public string Body { get; set; } = "";

    /// <summary>The Location header of a redirect.</summary>
    public string? Location { get; set; }
}

/// <summary>A role of this or another account.</summary>
internal sealed record WorldRole
{
    public required string Arn { get; set; }

    /// <summary>The external id that the trust policy requires; null for none.</summary>
    public string? ExternalId { get; set; }

    /// <summary>The duration of its sessions; null for the requested duration.</summary>
    public int? Seconds { get; set; }
}

/// <summary>An Auto Scaling group.</summary>
internal sealed record WorldGroup
{
    public required string Name { get; set; }

    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();
}

/// <summary>
/// A custom document. With a script it belongs to Run Command, and {{ NAME }} in the script is replaced as Systems Manager does. Without a
/// script it belongs to Automation.
/// </summary>
internal sealed record WorldDocument
{
    public required string Name { get; set; }

    /// <summary>The names of its parameters.</summary>
    public IReadOnlyList<string> Parameters { get; set; } = [];

    public string? Script { get; set; }

    /// <summary>The final status of its automations.</summary>
    [AllowedValues("Success", "Failed", "TimedOut", "Cancelled")]
    public string Ends { get; set; } = "Success";

    /// <summary>The duration of its automations.</summary>
    public int Milliseconds { get; set; } = 50;
}

/// <summary>A fault of the next calls of an operation.</summary>
internal sealed record Fault
{
    /// <summary>The operation, such as SendCommand; null for any operation.</summary>
    public string? Operation { get; set; }

    public required FaultKind Kind { get; set; }

    /// <summary>The number of calls that get the fault.</summary>
    public int Times { get; set; } = 1;

    /// <summary>The delay of <see cref="FaultKind.Slow"/>, or how long <see cref="FaultKind.NotFound"/> hides a resource.</summary>
    public int Milliseconds { get; set; } = 1_000;

    /// <summary>The error code of <see cref="FaultKind.Error"/>.</summary>
    public string Code { get; set; } = "";

    /// <summary>The HTTP status of <see cref="FaultKind.Error"/>.</summary>
    public int Status { get; set; } = 400;
}

internal enum FaultKind
{
    /// <summary>The response is ThrottlingException or RequestLimitExceeded. The call has no effect.</summary>
    [JsonStringEnumMemberName("throttle")]
    Throttle,

    /// <summary>The response is HTTP 500. The call has no effect.</summary>
    [JsonStringEnumMemberName("500")]
    ServerError,

    /// <summary>The connection is reset. The call has no effect.</summary>
    [JsonStringEnumMemberName("reset")]
    Reset,

    /// <summary>The call takes effect, and the connection is reset before the response.</summary>
    [JsonStringEnumMemberName("accepted-then-reset")]
    AcceptedThenReset,

    /// <summary>The call takes effect, and the response is HTTP 500.</summary>
    [JsonStringEnumMemberName("accepted-then-500")]
    AcceptedThenServerError,

    /// <summary>The response is late.</summary>
    [JsonStringEnumMemberName("slow")]
    Slow,

    /// <summary>There is no response at all, as when packets are dropped.</summary>
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

    /// <summary>The response is an error with the fault's code and status.</summary>
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
