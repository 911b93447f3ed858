using System.Text;
using System.Text.Json;
using FastTrigger.Aws;
using FastTrigger.Aws.Ec2;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Matching;
using FastTrigger.Cli.Policy;
using FastTrigger.Cli.Recipes;
using FastTrigger.Cli.Routes;
using FastTrigger.Cli.Samples;
using FastTrigger.Cli.Templates;
using FastTrigger.Core;
using FastTrigger.Events;
using FastTrigger.Http;
using FastTrigger.Http.Trust;
using FastTrigger.Json;
using FastTrigger.Patterns;

namespace FastTrigger.Fuzzing;

/// <summary>Everything that reads bytes from outside, and what must be true whatever they are.</summary>
internal static class FuzzTargets
{
    /// <summary>An answer may have the event inside it.</summary>
    private const int AddedDepth = 8;

    private const int BodyLimit = 64 * 1024, InflatedLimit = 1024 * 1024;

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("events", ReadEvent, () => SampleEvents.Names.Select(SampleEvents.Read), isJson: true),
        new("routes", ReadRoutes, () => Recipe.All.Select(recipe => recipe.Read("routes.json")), isJson: true),
        new("patterns", ReadPattern, () => [], isJson: true),
        new("world", ReadWorld, () => Recipe.All.Select(recipe => recipe.Read("world.json")), isJson: true),
        new("http", ReadAnswer, () => [], isJson: false),
        new("xml", ReadXml, () => [], isJson: false),
        new("gzip", Inflate, () => [], isJson: false),
        new("base64", DecodeBase64, () => [], isJson: false),
        new("certificates", ReadCertificates, () => [], isJson: false),
    ];

    public static FuzzTarget Find(string name) => All.First(target => target.Name == name);

    /// <summary>
    /// Any event is recognised the same way twice, names no AWS event inside an array that nobody vouches for, and is answered with JSON.
    /// </summary>
    private static void ReadEvent(byte[] payload)
    {
        var document = EventJson.Parse(payload, out var problem);
        Require(document is not null == (problem.Length == 0), "a problem goes with every refusal, and with nothing else");
        if (document is null)
        {
            return;
        }

        var delivery = EventSources.Open(document.RootElement, "request-1", static _ => false);
        var again = EventSources.Open(document.RootElement, "request-1", static _ => false);
        Require(delivery.Items.Select(Describe).SequenceEqual(again.Items.Select(Describe)), "an event is recognised the same way twice");
        foreach (var item in delivery.Items)
        {
            Require(item.Id.Length > 0, "an item has an id");
            Require(
                document.RootElement.ValueKind == JsonValueKind.Object || item.Unplayable is not null || !IsFromAws(item),
                "an array names no sender, and nothing in it is an event of AWS, a dead letter or an event for one route");
            _ = (item.TimeMs, item.Region, item.Account, item.Identity, item.ContentHash);
        }

        foreach (var outcome in Enum.GetValues<ItemOutcome>())
        {
            var answer = new ByteBuffer();
            var items = delivery.Items.Select(item => new ItemAnswer(item, outcome, outcome != ItemOutcome.Done, null)).ToList();
            if (delivery.Source.Answer(answer, document.RootElement, items, "request-1"))
            {
                JsonDocument.Parse(answer.Memory, new() { MaxDepth = EventJson.MaxDepth + AddedDepth }).Dispose();
            }
        }
    }

    private static bool IsFromAws(Item item) =>
        item.IsPlayback
            || item.RouteName is not null
            || (item.HasEventBridgeFields && item.Event.Text("source"u8)?.StartsWith("aws.", StringComparison.Ordinal) == true);

    private static string Describe(Item item) => $"{item.Source} {item.Id} {item.RecordId} {item.Group} {item.RouteName} {item.Unplayable}";

    /// <summary>A routes file is refused with places, or a policy and a template can be made of it.</summary>
    private static void ReadRoutes(byte[] text)
    {
        var problems = new JsonProblems("routes.json", text);
        var document = RoutesDocument.Read(text, problems);
        RequirePlaces(document is null, problems, text);
        if (document is null)
        {
            return;
        }

        var scope = new PolicyScope("aws", "eu-central-1", "123456789012", "fasttrigger", "fasttrigger-once");
        new PolicyGenerator(document.Table, document.Source, scope).Generate();
        var generator = new TemplateGenerator(document.Table, document.Source, new(30, "function.zip", false));
        _ = TemplateYaml.Write(generator.Generate());
        Require(generator.Problems.Count == 0, "check refuses what template refuses");
    }

    /// <summary>{"pattern": ..., "event": ...}: a pattern that is read matches, or the field that does not match is named.</summary>
    private static void ReadPattern(byte[] text)
    {
        var problems = new JsonProblems("pattern", text);
        if (EventJson.Parse(text, out _) is not { RootElement.ValueKind: JsonValueKind.Object } document
            || JsonNodeReader.Read(text, problems)?.Find("pattern") is not { } source
            || problems.Any)
        {
            return;
        }

        var pattern = PatternReader.Read(source, problems);
        RequirePlaces(pattern is null, problems, text);
        if (pattern is not null)
        {
            var given = document.RootElement.Get("event"u8);
            var element = given.ValueKind == JsonValueKind.Undefined ? given : DottedNames.Nest(given)?.RootElement ?? given;
            Require(pattern.Matches(element) == pattern.FirstMismatch(element) is null, "what does not match is named");
            var fields = PatternExplanation.Find(pattern, text, element, element);
            Require(pattern.Matches(element) == (fields.Count == 0), "every field that does not match is named");
        }
    }

    private static void ReadWorld(byte[] text)
    {
        var problems = new JsonProblems("world.json", text);
        RequirePlaces(WorldReader.Read(text, problems) is null, problems, text);
    }

    /// <summary>
    /// An answer that arrives in pieces of three bytes is a status and a body within the limit, or a problem. Then it is AWS's error.
    /// </summary>
    private static void ReadAnswer(byte[] bytes)
    {
        var response = new HttpResponse();
        using var transport = new BytesTransport(bytes, static () => 3);
        var limits = new HttpLimits(4 * 1024, BodyLimit);
        var problem = response.Read(transport, limits, Deadline.Never, Deadline.Never, bodyExpected: true);
        if (problem.IsNone)
        {
            Require(response.Status is >= 200 and < 1000, "a status has three digits, and interim answers are not the answer");
            Require(response.Body.Length <= BodyLimit, "a body is within its limit");
            Require(AwsErrorDocument.Read(response).Code is not null, "an error has a code, or none");
        }
    }

    private static void ReadXml(byte[] bytes)
    {
        var xml = new XmlScanner(bytes);
        for (var steps = 0; xml.Read(); steps++)
        {
            Require(xml.Depth > 0 && xml.Text is not null, "an element is open");
            Require(steps <= 2 * bytes.Length, "each step reads something");
        }

        DescribeInstancesAnswer.Read(bytes, []);
    }

    private static void Inflate(byte[] bytes)
    {
        var inflated = Gzip.Inflate(bytes, InflatedLimit, out var problem);
        Require(inflated is null == problem.Length > 0, "a problem goes with every refusal, and with nothing else");
        Require(inflated is null || inflated.Length <= InflatedLimit, "the output is within its limit");
    }

    /// <summary>What is accepted as base64 in an event is what .NET reads.</summary>
    private static void DecodeBase64(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        using var json = JsonDocument.Parse($"\"{JsonEncodedText.Encode(text)}\"");
        if (Content.Decode(json.RootElement) is { } decoded)
        {
            Require(decoded.Span.SequenceEqual(Convert.FromBase64String(text)), "base64 is decoded as .NET does");
        }
    }

    /// <summary>A bundle is left to OpenSSL, or each of its certificates is found by its subject. Peers send such bytes too.</summary>
    private static void ReadCertificates(byte[] bytes)
    {
        _ = NameKey.TryOf(bytes, out _);
        _ = NameKey.TryOfSubject(bytes, out _);
        if (PemBundle.Read([.. bytes]) is not { } bundle)
        {
            return;
        }

        for (var i = 0; i < bundle.Count; i++)
        {
            Require(NameKey.TryOfSubject(bundle.Certificate(i, out _), out var key), "a certificate that is read has a subject");
            Require(bundle.Find(key, i) == i, "a certificate is found by its subject");
        }
    }

    private static void RequirePlaces(bool isRefused, JsonProblems problems, byte[] text)
    {
        Require(isRefused == problems.Any, "a mistake goes with every refusal, and with nothing else");
        var lines = text.Count(letter => letter == (byte)'\n') + 1;
        foreach (var problem in problems.Found)
        {
            Require(problem.Line >= 1 && problem.Line <= lines && problem.Column >= 1, $"line {problem.Line} of {lines} exists");
            Require(problem.Message.Length > 0, "a mistake is said");
        }
    }

    private static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new FuzzException("broken: " + rule);
        }
    }
}
