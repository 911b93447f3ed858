using FastTrigger.Events;

namespace FastTrigger.Cli.Samples;

/// <summary>A realistic event of each source and form: each source names its own, and its JSON is a file of the same name here.</summary>
internal static class SampleEvents
{
    private const string Suffix = ".json";

    public static IReadOnlyList<(EventSource Source, EventSample Sample)> All =>
        [.. EventSources.All.SelectMany(source => source.Samples.Select(sample => (source, sample)))];

    public static IEnumerable<string> Names => All.Select(entry => entry.Sample.Name);

    public static string Read(string name)
    {
        var resource = "FastTrigger.Cli.Samples." + name.Replace('/', '.') + Suffix;
        using var stream = typeof(SampleEvents).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{name}{Suffix} is not among the samples");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
