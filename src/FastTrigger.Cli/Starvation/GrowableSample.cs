using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using FastTrigger.Core;

namespace FastTrigger.Cli.Starvation;

/// <summary>A sample event of any source, and the places where a sender can put more into it.</summary>
internal sealed class GrowableSample
{
    private const string Place = "PLACE-OF-WHAT-IS-PUT-IN";

    /// <summary>Where sources carry what somebody else wrote.</summary>
    private static readonly string[] s_carriers = ["body", "data", "value", "Message", "requestPayload"];

    private static readonly string[] s_lists = ["Records", "records", "messages", "rmqMessagesByQueue", "events", "tasks"];

    /// <summary>What tells one record from another.</summary>
    private static readonly string[] s_ids = ["messageId", "eventID", "messageID", "recordId", "taskId", "MessageId", "requestId"];

    /// <summary>What a request has any number of.</summary>
    private static readonly string[] s_pairs =
        ["headers", "multiValueHeaders", "queryStringParameters", "multiValueQueryStringParameters"];

    public GrowableSample(string text)
    {
        Text = text;
        var root = Root();
        HasText = Carrier(root) is not null;
        IsCompressed = Carrier(root) is { } carrier && Gzip.Is(Bytes(carrier));
        HasRecords = Records(root) is not null;
        RecordBytes = (Records(root)?[0]!.ToJsonString(ReadableJson.OneLine).Length ?? 0) + 16;
        Pairs = root is JsonObject members ? [.. s_pairs.Where(name => members[name] is JsonObject)] : [];
        MayBeBase64 = root is JsonObject request && request.ContainsKey("isBase64Encoded");
    }

    public string Text { get; }

    /// <summary>Whether it carries what somebody else wrote, as text or in base64.</summary>
    public bool HasText { get; }

    /// <summary>Whether that is gzip, as CloudWatch Logs sends it.</summary>
    public bool IsCompressed { get; }

    public bool HasRecords { get; }

    public int RecordBytes { get; }

    /// <summary>Its members that are names and values of a request.</summary>
    public IReadOnlyList<string> Pairs { get; }

    public bool MayBeBase64 { get; }

    /// <summary>The event that is inside of everything else, with one more member.</summary>
    public string WithMember(string content)
    {
        var root = Root();
        if (Carrier(root) is { } carrier && Inner(carrier) is { } inner)
        {
            return Put(root, carrier, Encoded(carrier, new GrowableSample(inner).WithMember(content)));
        }

        // An array of anything is one event.
        if ((Records(root)?[0] ?? root) is not JsonObject target)
        {
            return $"[{content}]";
        }

        target["more"] = Place;
        return Filled(root, content);
    }

    /// <summary>As many records as are wanted, if it has records, which carry this text.</summary>
    public string WithTexts(string content, int count)
    {
        var root = Root();
        var carrier = Carrier(root)!;
        var one = Put(root, carrier, Encoded(carrier, content));
        return HasRecords && count > 1 ? new GrowableSample(one).WithRecords(count) : one;
    }

    /// <summary>The first record this many times, each with ids of its own.</summary>
    public string WithRecords(int count)
    {
        var root = Root();
        var records = Records(root)!;
        foreach (var id in s_ids.Select(name => Find(records[0]!, name)).OfType<JsonValue>())
        {
            id.Parent![id.GetPropertyName()] = id + "NUMBER";
        }

        // Lambda's own id in a message that another function has failed on, or the event's in one of a rule.
        var record = records[0]!.ToJsonString(ReadableJson.OneLine).Replace("7c1e9a1b", "NUMBER", StringComparison.Ordinal);
        records.Clear();
        records.Add((JsonNode)Place);
        var all = new StringBuilder(record.Length * count);
        for (var i = 0; i < count; i++)
        {
            all.Append(i > 0 ? "," : "").Append(record.Replace("NUMBER", i.ToString("d8", provider: null), StringComparison.Ordinal));
        }

        return Filled(root, all.ToString());
    }

    /// <summary>A batch of CloudWatch Logs with these events.</summary>
    public string WithLogEvents(string events)
    {
        var root = Root();
        var carrier = Carrier(root)!;
        var batch = JsonNode.Parse(Inner(carrier)!)!;
        batch["logEvents"] = Place;
        return Put(root, carrier, Encoded(carrier, Filled(batch, $"[{events.TrimEnd(',')}]")));
    }

    /// <summary>A request with these names and values.</summary>
    public string WithPairs(string name, string pairs)
    {
        var root = Root();
        root[name]![Place] = "";
        var isList = name.StartsWith("multi", StringComparison.Ordinal);
        var values = isList ? pairs : pairs.Replace("[\"\"]", "\"\"", StringComparison.Ordinal);
        return root.ToJsonString(ReadableJson.OneLine).Replace($"\"{Place}\":\"\"", values.TrimEnd(','), StringComparison.Ordinal);
    }

    /// <summary>A request whose body is this text in base64.</summary>
    public string WithBody(string body)
    {
        var root = Root();
        root["isBase64Encoded"] = true;
        root["body"] = Place;
        return Filled(root, $"\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(body))}\"");
    }

    private JsonNode Root() => JsonNode.Parse(Text)!;

    /// <summary>The array of records; null when there is none, or it is empty.</summary>
    private static JsonArray? Records(JsonNode root)
    {
        var list = root is JsonObject members
            ? s_lists.Select(name => members[name]).FirstOrDefault(found => found is not null)
            : root;
        list = list is JsonObject { Count: > 0 } parts ? parts.First().Value : list;
        return list is JsonArray { Count: > 0 } records && records[0] is JsonObject ? records : null;
    }

    /// <summary>The first string of such a name, of the first record.</summary>
    private static JsonValue? Carrier(JsonNode root) => s_carriers
        .Select(name => Find(Records(root)?[0] ?? root, name) as JsonValue)
        .FirstOrDefault(found => found?.GetValueKind() == System.Text.Json.JsonValueKind.String);

    private static JsonNode? Find(JsonNode? node, string name) => node is not JsonObject members ? null
        : members[name] ?? members.Select(member => Find(member.Value, name)).FirstOrDefault(found => found is not null);

    /// <summary>The object inside; null for any other text.</summary>
    private static string? Inner(JsonValue carrier)
    {
        var text = IsBase64(carrier) ? Encoding.UTF8.GetString(Expanded(Bytes(carrier))) : carrier.ToString();
        return text.StartsWith('{') ? text : null;
    }

    private static bool IsBase64(JsonValue carrier) =>
        (carrier.GetPropertyName() is "data" or "value"
            || (carrier.Parent!["isBase64Encoded"] is JsonValue isBase64 && isBase64.GetValue<bool>()))
        && Convert.TryFromBase64String(carrier.ToString(), new byte[carrier.ToString().Length], out _);

    private static byte[] Bytes(JsonValue carrier) => IsBase64(carrier) ? Convert.FromBase64String(carrier.ToString()) : [];

    private static byte[] Expanded(byte[] bytes)
    {
        if (!Gzip.Is(bytes))
        {
            return bytes;
        }

        using var stream = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }

    /// <summary>Another text as the carrier has it.</summary>
    private static string Encoded(JsonValue carrier, string text)
    {
        if (!IsBase64(carrier))
        {
            return text;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        if (Gzip.Is(Bytes(carrier)))
        {
            using var all = new MemoryStream();
            using (var stream = new GZipStream(all, CompressionLevel.Fastest))
            {
                stream.Write(bytes);
            }

            bytes = all.ToArray();
        }

        return Convert.ToBase64String(bytes);
    }

    private static string Put(JsonNode root, JsonValue carrier, string text)
    {
        carrier.Parent![carrier.GetPropertyName()] = Place;
        return Filled(root, JsonValue.Create(text).ToJsonString(ReadableJson.OneLine));
    }

    private static string Filled(JsonNode root, string json) =>
        root.ToJsonString(ReadableJson.OneLine).Replace($"\"{Place}\"", json, StringComparison.Ordinal);
}
