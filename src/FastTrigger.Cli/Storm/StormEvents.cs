using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FastTrigger.Cli.Commands;

namespace FastTrigger.Cli.Storm;

/// <summary>
/// The events of a storm. Each has an id and a time of its own, and instances of its own when it launches some, so that what was done for
/// it can be counted.
/// </summary>
internal sealed class StormEvents
{
    private readonly byte[] _payload;

    /// <summary>Null when nothing in the payload makes it another event.</summary>
    private readonly JsonObject? _template;

    /// <param name="instances">How many instances each launch has; null for as many as the event has.</param>
    /// <exception cref="UsageException">It shall have instances and launches none.</exception>
    public StormEvents(string file, byte[] payload, int? instances)
    {
        _payload = payload;
        _template = Read(payload);
        var launched = Launched(_template);
        if (launched is null or { Count: 0 })
        {
            LaunchesEach = 0;
            if (instances is not null)
            {
                throw new UsageException($"'instances' needs a launch as CloudTrail reports RunInstances, and {file} launches none");
            }

            return;
        }

        LaunchesEach = instances ?? launched.Count;
        var first = launched[0]!;
        while (launched.Count > LaunchesEach)
        {
            launched.RemoveAt(launched.Count - 1);
        }

        while (launched.Count < LaunchesEach)
        {
            launched.Add(first.DeepClone());
        }
    }

    /// <summary>Whether each one is another event for whoever acts once for an event.</summary>
    public bool AreOthers => _template is not null;

    /// <summary>How many instances each event launches; 0 when it is no launch.</summary>
    public int LaunchesEach { get; }

    /// <summary>The ids of the instances that an event launches.</summary>
    public IEnumerable<string> InstancesOf(int number) => Enumerable.Range(0, LaunchesEach).Select(index => InstanceId(number, index));

    public byte[] Create(int number)
    {
        if (_template is null)
        {
            return _payload;
        }

        JsonObject document;
        lock (_template)
        {
            document = (JsonObject)_template.DeepClone();
        }

        foreach (var message in MessagesOf(document))
        {
            message["messageId"] = Guid.NewGuid().ToString();
            if (RunReport.Parse(message["body"]!.ToString()) is JsonObject inner && IsEvent(inner))
            {
                Renew(inner, number);
                message["body"] = inner.ToJsonString();
            }
        }

        if (IsEvent(document))
        {
            Renew(document, number);
        }

        return Encoding.UTF8.GetBytes(document.ToJsonString());
    }

    private static void Renew(JsonObject document, int number)
    {
        document["id"] = Guid.NewGuid().ToString();
        document["time"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        if (Launched(document) is { } launched)
        {
            for (var index = 0; index < launched.Count; index++)
            {
                launched[index]!["instanceId"] = InstanceId(number, index);
            }
        }
    }

    private static string InstanceId(int number, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"i-{number:x9}{index:x8}");

    /// <summary>Null when the payload is neither an event of EventBridge nor a batch of a queue: it is sent as it is.</summary>
    private static JsonObject? Read(byte[] payload) =>
        RunReport.Parse(Encoding.UTF8.GetString(payload)) is JsonObject document && (IsEvent(document) || MessagesOf(document).Any())
            ? document
            : null;

    private static bool IsEvent(JsonObject document) => document["id"] is JsonValue && document["detail-type"] is not null;

    /// <summary>The messages of a batch of SQS; none of anything else.</summary>
    private static IEnumerable<JsonObject> MessagesOf(JsonObject document) =>
        ((document["Records"] as JsonArray) ?? []).OfType<JsonObject>()
            .Where(static record => record["messageId"] is not null && record["body"] is JsonValue);

    private static JsonArray? Launched(JsonObject? document)
    {
        JsonNode? at = document;
        foreach (var name in (string[])["detail", "responseElements", "instancesSet", "items"])
        {
            at = (at as JsonObject)?[name];
        }

        return at is JsonArray items && items.All(static item => item is JsonObject) ? items : null;
    }
}
