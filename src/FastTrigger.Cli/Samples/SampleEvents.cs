using System.Text.Json.Nodes;
using FastTrigger.Events;

namespace FastTrigger.Cli.Samples;

/// <summary>A realistic event of each source and form: each source names its own, and its JSON is a file of the same name here.</summary>
internal static class SampleEvents
{
    private const string Suffix = ".json";

    public static IReadOnlyList<(EventSource Source, EventSample Sample)> All =>
        [.. EventSources.All.SelectMany(source => source.Samples.Select(sample => (source, sample)))];

    public static IEnumerable<string> Names => All.Select(entry => entry.Sample.Name);

    /// <summary>One of each source.</summary>
    public static IEnumerable<string> FirstNames =>
        EventSources.All.SelectMany(source => source.Samples.Take(1)).Select(sample => sample.Name);

    public static string Read(string name) =>
        Resource("Samples", name) ?? throw new InvalidOperationException($"{name}{Suffix} is not among the samples");

    /// <summary>The variants of a sample, the first of which is the sample itself; empty when it has none.</summary>
    public static IReadOnlyList<SampleVariant> Variants(string name) => Resource("Variants", name) is { } text
        ? [.. JsonNode.Parse(text)!.AsObject().Select(variant =>
            new SampleVariant(
                variant.Key,
                variant.Value!["what"]!.ToString(),
                variant.Value["set"]!.AsObject(),
                variant.Value["event"] as JsonObject))]
        : [];

    private static string? Resource(string folder, string name)
    {
        var resource = $"FastTrigger.Cli.{folder}.{name.Replace('/', '.')}{Suffix}";
        using var stream = typeof(SampleEvents).Assembly.GetManifestResourceStream(resource);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
