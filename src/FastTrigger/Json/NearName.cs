namespace FastTrigger.Json;

/// <summary>Finds the name that was meant.</summary>
internal static class NearName
{
    private const int MaxLength = 40, LongLength = 6, MinPartLength = 4;

    /// <summary>The known name that is most like a name; null when none is.</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        string? best = null;
        var least = 3;
        foreach (var candidate in known)
        {
            var distance = Distance(Plain(name), Plain(candidate));
            var isClose = distance <= (name.Length < LongLength ? 1 : 2);
            if (!isClose && name.Length >= MinPartLength && candidate.Contains(name, StringComparison.OrdinalIgnoreCase))
            {
                (distance, isClose) = (2, true);
            }

            if (isClose && distance < least)
            {
                (best, least) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>What a message says of it: "; did you mean 'NAME'?", or the other text when there is none.</summary>
    public static string Hint(string name, IEnumerable<string> known, string otherwise) =>
        Find(name, known) is { } near ? $"did you mean '{near}'?" : otherwise;

    /// <summary>Without what people write differently: case, hyphens and underscores.</summary>
    private static string Plain(string name) => name.Replace("-", "").Replace("_", "").ToLowerInvariant();

    /// <summary>The letters that are added, left out, exchanged with a neighbour or replaced; large for a long name.</summary>
    private static int Distance(string a, string b)
    {
        if (a.Length > MaxLength || b.Length > MaxLength)
        {
            return int.MaxValue;
        }

        // Row i has the distances of the first i letters of a.
        Span<int> rows = stackalloc int[3 * (MaxLength + 1)];
        for (var i = 0; i <= a.Length; i++)
        {
            var (row, before, earlier) = (i % 3 * (MaxLength + 1), (i + 2) % 3 * (MaxLength + 1), (i + 1) % 3 * (MaxLength + 1));
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[row + j] = i + j;
                    continue;
                }

                var least = Math.Min(rows[before + j], rows[row + j - 1]) + 1;
                least = Math.Min(least, rows[before + j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                var isExchange = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                rows[row + j] = isExchange ? Math.Min(least, rows[earlier + j - 2] + 1) : least;
            }
        }

        return rows[(a.Length % 3 * (MaxLength + 1)) + b.Length];
    }
}
