using System.Globalization;

namespace FastTrigger.Fuzzing.Pairs;

/// <summary>The long run of build/patterns.sh, and its table.</summary>
internal static class PairReport
{
    private const int Slice = 1000;

    /// <summary>Writes how many pairs there were and how each operator decided; the exit code of the run.</summary>
    public static int Write(int count, int seed)
    {
        var run = new PairRun();
        try
        {
            for (var next = seed; run.Count < count; next++)
            {
                run.Decide(next, Math.Min(Slice, count - run.Count));
            }
        }
        catch (FuzzException difference)
        {
            Console.Error.WriteLine(difference.Message);
            return 1;
        }

        var share = 100.0 * run.Matching / run.Count;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Count:N0} pairs from seed {seed} on: no difference. {share:F1} % of the events match.\n"));
        Console.WriteLine("| operator | matched a value | did not |\n|---|--:|--:|");
        foreach (var (name, (yes, no)) in run.Operators)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {yes:N0} | {no:N0} |"));
        }

        return 0;
    }
}
