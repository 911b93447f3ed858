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
            string[] cells =
            [
                sample.Key,
                Mib(sample.First().PeakKib),
                Peak(sample, isMatched: true),
                Peak(sample, isMatched: false),
                largest.Case.Form,
                $"{sample.Count(one => one.IsRefused)} of {sample.Count()}",
                sample.Max(one => one.Seconds).ToString("0.0", CultureInfo.InvariantCulture),
            ];
            lines.Add($"| {string.Join(" | ", cells)} |");
        }

        return string.Join('\n', lines);
    }

    public static string Summary(IReadOnlyList<StarvedEvent> events)
    {
        var bytes = events.Max(one => one.Case.Payload.Length);
        var refused = events.Count(one => one.IsRefused);
        var ended = events.Count(one => one.PeakKib == 0);
        var answered = events.Count - refused - ended;
        return $"{events.Count} events of up to {bytes} bytes: {answered} were answered, {refused} refused with a message, "
            + $"{ended} ended the function. The largest peak is {Mib(events.Max(one => one.PeakKib))} MiB.";
    }

    private static string Peak(IEnumerable<StarvedEvent> events, bool isMatched) =>
        events.Where(one => one.IsMatched == isMatched).ToList() is { Count: > 0 } of ? Mib(of.Max(one => one.PeakKib)) : "";

    private static string Mib(long kib) => (kib / 1024.0).ToString("0.0", CultureInfo.InvariantCulture);
}
