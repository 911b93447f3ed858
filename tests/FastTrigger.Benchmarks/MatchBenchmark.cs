using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using FastTrigger.Events;
using FastTrigger.Json;
using FastTrigger.Patterns;
using FastTrigger.Routing;

namespace FastTrigger.Benchmarks;

/// <summary>
/// Measures the time from an event's bytes to the routes that take it: a record of CloudTrail, among many routes for operations of EC2 of
/// which one takes it. A larger event launches more instances.
/// </summary>
public class MatchBenchmark
{
    private byte[] _event = null!;
    private RouteSearch _search = null!;

    [Params(1, 10, 100, 1_000, 10_000)]
    public int Routes { get; set; }

    [Params(1, 10, 250)]
    public int Kilobytes { get; set; }

    [GlobalSetup]
    public void Read()
    {
        _event = BenchmarkFiles.Event(Kilobytes * 1_000);
        _search = new(BenchmarkFiles.Read(BenchmarkFiles.Routes(Routes)));
        if (Match() != 1)
        {
            throw new InvalidOperationException("one route takes the event");
        }
    }

    /// <summary>What parsing alone takes.</summary>
    [Benchmark(Baseline = true)]
    public bool Parse()
    {
        using var document = EventJson.Parse(_event, out _);
        return document is not null;
    }

    /// <summary>The source and the id of the event are found, too.</summary>
    [Benchmark]
    public int ParseAndRecognise()
    {
        using var document = EventJson.Parse(_event, out _)!;
        return Recognise(document).Id.Length;
    }

    /// <summary>All of it.</summary>
    [Benchmark]
    public int Match()
    {
        using var document = EventJson.Parse(_event, out _)!;
        _search.Begin(Recognise(document));
        var taken = 0;
        while (_search.Next(out _, out var whyNot))
        {
            taken += whyNot is null ? 1 : 0;
        }

        return taken;
    }

    private static Item Recognise(JsonDocument document) =>
        EventSources.Open(document.RootElement, "request", static _ => false).Items[0];
}

/// <summary>Measures how long it takes to read a routes file and to index it, which each cold start does.</summary>
public class ReadRoutesBenchmark
{
    private byte[] _file = null!;

    [Params(1, 10, 100, 1_000, 10_000)]
    public int Routes { get; set; }

    [GlobalSetup]
    public void Write() => _file = BenchmarkFiles.Routes(Routes);

    [Benchmark]
    public int Read() => BenchmarkFiles.Read(_file).Routes.Count;
}

/// <summary>Measures patterns that are made to take long, on a text that nearly matches.</summary>
public class HostileTextBenchmark
{
    private readonly LeafTexts _texts = new();
    private JsonElement _event;
    private ObjectNode[] _patterns = null!;

    [Params("wildcard", "100 prefixes of a text with an escape", "100 suffixes in any case")]
    public string Pattern { get; set; } = "";

    [Params(1, 100)]
    public int Kilobytes { get; set; }

    [GlobalSetup]
    public void Read()
    {
        var text = new string('a', Kilobytes * 1_000);
        _event = JsonDocument.Parse($$"""{"text":"{{text}}\n"}""").RootElement;
        var (count, test) = Pattern switch
        {
            "wildcard" => (1, "{\"wildcard\":\"*a*a*a*a*a*a*a*b\"}"),
            "100 suffixes in any case" => (100, "{\"suffix\":{\"equals-ignore-case\":\"AAAAB\"}}"),
            _ => (100, "{\"prefix\":\"aaaab\"}"),
        };
        var pattern = Encoding.UTF8.GetBytes($$"""{"text":[{{test}}]}""");
        var problems = new JsonProblems("pattern", pattern);
        _patterns =
        [
            .. Enumerable.Range(0, count)
                .Select(_ => PatternReader.Read(JsonNodeReader.Read(pattern, problems)!.Value, problems)!),
        ];
    }

    [Benchmark]
    public int Match()
    {
        _texts.Begin(_event);
        var matched = 0;
        foreach (var pattern in _patterns)
        {
            matched += pattern.Matches(_event, _texts) ? 1 : 0;
        }

        return matched;
    }
}

/// <summary>What is measured.</summary>
internal static class BenchmarkFiles
{
    public static byte[] Routes(int count)
    {
        var routes = Enumerable.Range(0, count).Select(i => $$"""
            {
              "name": "route-{{i}}",
              "when": {
                "source": ["aws.ec2"],
                "detail-type": ["AWS API Call via CloudTrail"],
                "detail": { "eventSource": ["ec2.amazonaws.com"], "eventName": ["{{(i == 0 ? "RunInstances" : $"Operation{i}")}}"] }
              },
              "do": [{ "tag": { "tags": { "Owner": "${owner}" } } }]
            }
            """);
        return Encoding.UTF8.GetBytes($$"""{"routes":[{{string.Join(",\n", routes)}}]}""");
    }

    public static RouteTable Read(byte[] file)
    {
        var problems = new JsonProblems("routes.json", file);
        return RoutesFile.Read(file, null, problems) ?? throw new InvalidOperationException(problems.ToString());
    }

    /// <summary>A launch of instances in at least so many bytes.</summary>
    public static byte[] Event(int bytes)
    {
        const string Start = """
            {"version":"0","id":"0eca1d4e-6ee9-4c5b-9a3e-27d9e2a5a8f1","detail-type":"AWS API Call via CloudTrail","source":"aws.ec2",
            """ + """
            "account":"123456789012","time":"2026-11-20T08:15:30Z","region":"eu-central-1","resources":[],"detail":{"eventVersion":"1.10",
            """ + """
            "userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLEUSER","arn":"arn:aws:iam::123456789012:user/alice",
            """ + """
            "accountId":"123456789012","userName":"alice"},"eventTime":"2026-11-20T08:15:28Z","eventSource":"ec2.amazonaws.com",
            """ + """
            "eventName":"RunInstances","awsRegion":"eu-central-1","sourceIPAddress":"203.0.113.7","userAgent":"aws-cli/2.34.0",
            """ + """
            "requestParameters":{"instanceType":"t4g.micro","minCount":1,"maxCount":1},"responseElements":{"instancesSet":{"items":[
            """;
        const string Item = """{"instanceId":"i-0123456789abcdef0","imageId":"ami-0123456789abcdef0","instanceState":{"name":"pending"}}""";
        const string End = """]}},"readOnly":false,"eventType":"AwsApiCall","managementEvent":true,"eventCategory":"Management"}}""";
        var items = Math.Max(1, (bytes - Start.Length - End.Length + Item.Length) / (Item.Length + 1));
        return Encoding.UTF8.GetBytes(Start + string.Join(',', Enumerable.Repeat(Item, items)) + End);
    }
}
