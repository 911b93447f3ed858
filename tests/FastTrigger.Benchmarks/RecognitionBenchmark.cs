using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using FastTrigger.Cli.Samples;
using FastTrigger.Events;
using FastTrigger.Runtime;

namespace FastTrigger.Benchmarks;

/// <summary>
/// Measures the time from parsed JSON to items: the source is recognised and its items are made. Larger events show how the time grows.
/// </summary>
public class RecognitionBenchmark
{
    private const int Bytes = 2048;

    private JsonElement _root;
    private Invocation _invocation = null!;

    /// <summary>Every sample, and larger events as SOURCE@KILOBYTES.</summary>
    public static IEnumerable<string> Events =>
    [
        .. SampleEvents.Names,
        .. from source in (string[])["direct", "eventbridge", "http", "s3", "sqs", "kinesis"]
           from kilobytes in (int[])[2, 20, 200, 2_000, 6_000]
           select $"{source}@{kilobytes}",
    ];

    [ParamsSource(nameof(Events))]
    public string Event { get; set; } = "";

    [GlobalSetup]
    public void Read()
    {
        var parts = Event.Split('@');
        var text = parts.Length == 1
            ? Padded(SampleEvents.Read(Event), Bytes)
            : Enlarged(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture) * 1024);
        var payload = Encoding.UTF8.GetBytes(text);
        _root = JsonDocument.Parse(payload).RootElement;
        _invocation = new() { RequestId = "8476a536-e9f4-11e8-9739-2dfe598c3fcd", DeadlineMs = 0, Payload = payload };
    }

    [Benchmark]
    public int Recognise() => EventSources.Open(_root, _invocation.RequestId, static _ => true).Items.Count;

    /// <summary>Adds an unknown member, so that small samples have the same size.</summary>
    private static string Padded(string sample, int bytes)
    {
        var text = JsonNode.Parse(sample)!;
        var length = Encoding.UTF8.GetByteCount(text.ToJsonString());
        if (text is JsonObject members && length < bytes)
        {
            members["padding"] = new string('x', bytes - length);
        }

        return text.ToJsonString();
    }

    /// <summary>Repeats the first record, or makes the text longer where there are no records.</summary>
    private static string Enlarged(string source, int bytes)
    {
        var root = JsonNode.Parse(SampleEvents.Read(source))!;
        if (root["Records"] is JsonArray records)
        {
            var record = records[0]!.ToJsonString();
            var repeated = Enumerable.Repeat(record, Math.Max(1, bytes / record.Length));
            return $$"""{"Records":[{{string.Join(',', repeated)}}]}""";
        }

        var text = string.Join(' ', Enumerable.Repeat("level 93", bytes / 9));
        var member = source switch { "http" => "body", "eventbridge" => "detail", _ => "text" };
        root[member] = source == "eventbridge" ? new JsonObject { ["text"] = text } : text;
        return root.ToJsonString();
    }
}
