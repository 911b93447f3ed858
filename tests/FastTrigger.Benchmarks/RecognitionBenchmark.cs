using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using FastTrigger.Cli.Samples;
using FastTrigger.Events;
using FastTrigger.Runtime;

namespace FastTrigger.Benchmarks;

/// <summary>How long it takes to see what an event is and to make its items, once its JSON is parsed; and how that grows with the event.</summary>
public class RecognitionBenchmark
{
    private const int Bytes = 2048;

    private JsonElement _root;
    private Invocation _invocation = null!;

    internal static IConfig Settings => ManualConfig.Create(DefaultConfig.Instance)
        .AddJob(Job.Default.WithWarmupCount(6).WithIterationCount(5).WithIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(60)).WithToolchain(InProcessEmitToolchain.Instance))
        .AddDiagnoser(BenchmarkDotNet.Diagnosers.MemoryDiagnoser.Default)
        .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));

    /// <summary>Every sample, and the events that grow: SOURCE@KILOBYTES.</summary>
    public static IEnumerable<string> Events =>
    [
        .. SampleEvents.All.Select(sample => sample.Name),
        .. from source in (string[])["direct", "eventbridge", "http", "s3", "sqs", "kinesis"] from size in (int[])[2, 20, 200, 2_000, 6_000] select $"{source}@{size}",
    ];

    [ParamsSource(nameof(Events))]
    public string Event { get; set; } = "";

    [GlobalSetup]
    public void Read()
    {
        var parts = Event.Split('@');
        var text = parts.Length == 1 ? Padded(SampleEvents.Read(Event), Bytes) : Grown(parts[0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) * 1024);
        var payload = Encoding.UTF8.GetBytes(text);
        _root = JsonDocument.Parse(payload).RootElement;
        _invocation = new() { RequestId = "8476a536-e9f4-11e8-9739-2dfe598c3fcd", DeadlineMs = 0, Payload = payload };
    }

    [Benchmark]
    public int Recognise() => EventSources.Open(_root, _invocation, static _ => true).Items.Count;

    /// <summary>With as much of what nobody knows as is missing.</summary>
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

    /// <summary>More records where there are records, else longer text where its text is.</summary>
    private static string Grown(string source, int bytes)
    {
        var root = JsonNode.Parse(SampleEvents.Read(source))!;
        if (root["Records"] is JsonArray records)
        {
            var record = records[0]!.ToJsonString();
            return $$"""{"Records":[{{string.Join(',', Enumerable.Repeat(record, Math.Max(1, bytes / record.Length)))}}]}""";
        }

        var text = string.Join(' ', Enumerable.Repeat("level 93", bytes / 9));
        root[source switch { "http" => "body", "eventbridge" => "detail", _ => "text" }] = source == "eventbridge" ? new JsonObject { ["text"] = text } : text;
        return root.ToJsonString();
    }
}
