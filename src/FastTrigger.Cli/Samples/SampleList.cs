using System.Text;
using FastTrigger.Json;

namespace FastTrigger.Cli.Samples;

/// <summary>The list of samples and their variants, for people.</summary>
internal static class SampleList
{
    private const int NameWidth = 29, MinTextWidth = 30;

    public static string Text(int width)
    {
        var text = new StringBuilder();
        foreach (var (_, sample) in SampleEvents.All)
        {
            Append(text, sample.Name, sample.What, width);
            foreach (var variant in SampleEvents.Variants(sample.Name))
            {
                Append(text, $"  --variant {variant.Name}", $"  {variant.What}", width);
            }
        }

        return text.ToString();
    }

    /// <summary>What a wrong name may have meant: the samples whose name or description has it, or a word of it.</summary>
    public static string Hint(string name)
    {
        var words = name.Split((char[])['-', '/', ' ', '_'], StringSplitOptions.RemoveEmptyEntries);
        var near = SampleEvents.All
            .Select(entry => (entry.Sample.Name, Hits: words.Count(word => IsAbout(entry.Sample.Name, entry.Sample.What, word))))
            .Where(entry => entry.Hits > 0)
            .OrderByDescending(entry => entry.Hits)
            .ToList();
        if (near is [])
        {
            return NearName.Hint(name, SampleEvents.Names, $"the samples are {string.Join(", ", SampleEvents.Names)}");
        }

        var best = near.Where(entry => entry.Hits == near[0].Hits).Select(entry => entry.Name).ToList();
        return best is [var only] ? $"did you mean '{only}'?" : $"did you mean one of {string.Join(", ", best)}?";
    }

    private static bool IsAbout(string name, string what, string word) =>
        SampleEvents.Variants(name).Select(variant => $"{variant.Name} {variant.What}").Append(name).Append(what)
            .Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>A name and what it is, in lines that break between words where the width asks for it.</summary>
    private static void Append(StringBuilder text, string name, string what, int width)
    {
        var indent = what.Length - what.TrimStart().Length + NameWidth;
        var line = name.PadRight(indent);
        var max = Math.Max(width, indent + MinTextWidth);
        foreach (var word in what.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > indent && line.Length + word.Length > max)
            {
                text.AppendLine(line.TrimEnd());
                line = new string(' ', indent);
            }

            line += word + " ";
        }

        text.AppendLine(line.TrimEnd());
    }
}
