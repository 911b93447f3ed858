using System.Globalization;

namespace FastTrigger.Cli.Starvation;

/// <summary>The peaks of all events, one line for each sample, in Markdown.</summary>
internal static class StarveReport
{
    public static string Table(IReadOnlyList<StarvedEvent> events)
    {
        var lines = new List<string>
        {
            "| event | as it is, MiB | largest peak, MiB | without a route, MiB | the form of the largest | refused | slowest, s |",
            "|---|--:|--:|--:|---|--:|--:|",
        };
        foreach (var sample in events.GroupBy(one => one.Case.Sample))
        {
            var largest = sample.MaxBy(one => one.Case.Form == WorstCase.AsItIs ? 0 : one.PeakKib)!;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"""
                | {sample.Key} | {Mib(sample.First().PeakKib)} | {Peak(sample, isMatched: true)} | {Peak(sample, isMatched: false)} | {
                    largest.Case.Form} | {sample.Count(one => one.IsRefused)} of {sample.Count()} | {sample.Max(one => one.Seconds):0.0} |
                """));
        }

        return string.Join('\n', lines);
    }

    public static string Summary(IReadOnlyList<StarvedEvent> events) => string.Create(CultureInfo.InvariantCulture, $"""
        {events.Count} events of up to {events.Max(one => one.Case.Payload.Length)} bytes: {events.Count(one => !one.IsRefused
            && one.Problem is null)} were answered, {events.Count(one => one.IsRefused)} refused with a message, {events.Count(one =>
                one.PeakKib == 0)} ended the function. The largest peak is {Mib(events.Max(one => one.PeakKib))} MiB.
        """);

    private static string Peak(IEnumerable<StarvedEvent> events, bool isMatched) =>
        events.Where(one => one.IsMatched == isMatched).ToList() is { Count: > 0 } of ? Mib(of.Max(one => one.PeakKib)) : "";

    private static string Mib(long kib) => (kib / 1024.0).ToString("0.0", CultureInfo.InvariantCulture);
}
