using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>A message in an SQS queue.</summary>
/// <param name="attributes">The message attributes in the format of ReceiveMessage: NAME: {"DataType", "StringValue"}.</param>
internal sealed class LocalMessage(string body, JsonObject attributes)
{
    public string Id { get; } = Guid.NewGuid().ToString();

    public string Body => body;

    public JsonObject Attributes => attributes;

    /// <summary>What the sender gave besides: AWSTraceHeader and MessageGroupId.</summary>
    public Dictionary<string, string> Given { get; } = [];

    public DateTimeOffset Sent { get; init; } = DateTimeOffset.UtcNow;

    public DateTimeOffset? FirstReceived { get; set; }

    public DateTimeOffset VisibleAt { get; set; }

    public string Receipt { get; set; } = "";

    public int Received { get; set; }
}
