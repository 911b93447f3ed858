using FastTrigger.Json;

namespace FastTrigger.Patterns;

/// <summary>What EventBridge does not take, or takes otherwise than it reads, of a pattern with `$or`.</summary>
internal static class Alternatives
{
    /// <summary>
    /// How many combinations of alternatives a pattern may stand for
    /// (docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html).
    /// </summary>
    private const int MaxCombinations = 1000;

    private const string Beside = "stands both inside and outside $or, and EventBridge takes the last and ignores the other";

    public static void Check(ObjectNode pattern, JsonProblems problems)
    {
        if (Combinations(pattern) > MaxCombinations)
        {
            problems.Add(pattern.Offset, $"its $or have over {MaxCombinations} combinations of alternatives, which EventBridge refuses");
            return;
        }

        CheckPlaces(pattern, null, [], [], problems);
    }

    private static long Combinations(ObjectNode node)
    {
        // Each factor is that at most, so no product overflows.
        var product = 1L;
        foreach (var field in node.Fields)
        {
            product = Math.Min(product * (field.Node is ObjectNode inner ? Combinations(inner) : 1), MaxCombinations + 1);
        }

        foreach (var alternatives in node.Alternatives)
        {
            var sum = 0L;
            foreach (var alternative in alternatives)
            {
                sum += Combinations(alternative);
            }

            product = Math.Min(product * sum, MaxCombinations + 1);
        }

        return product;
    }

    /// <param name="path">Null at the top: a name may be empty.</param>
    /// <param name="within">The alternatives around the node.</param>
    /// <param name="places">The last <see cref="Place"/> at each path. Another kind of dictionary is more code.</param>
    private static void CheckPlaces(
        ObjectNode node,
        string? path,
        (ObjectNode[] Or, int Choice)[] within,
        Dictionary<string, object> places,
        JsonProblems problems)
    {
        foreach (var field in node.Fields)
        {
            var below = path is null ? field.Name : path + "." + field.Name;
            var inner = field.Node as ObjectNode;
            var before = places.TryGetValue(below, out var last) ? (Place)last : null;
            places[below] = new Place(field.Offset, inner is not null, within, before);
            while (before is not null && (inner is not null && before.IsObject || Exclude(within, before.Within)))
            {
                before = before.Before;
            }

            if (before is not null)
            {
                problems.Add(
                    field.Offset,
                    $"'{below}' {(inner is not null || before.IsObject ? PatternReader.Deeper : Beside)}; "
                        + $"the other is at {problems.Place(before.Offset)}");
            }

            if (inner is not null)
            {
                CheckPlaces(inner, below, within, places, problems);
            }
        }

        foreach (var alternatives in node.Alternatives)
        {
            for (var i = 0; i < alternatives.Length; i++)
            {
                CheckPlaces(alternatives[i], path, [.. within, (alternatives, i)], places, problems);
            }
        }
    }

    /// <summary>Whether two fields stand in different alternatives of one `$or`.</summary>
    private static bool Exclude((ObjectNode[] Or, int Choice)[] a, (ObjectNode[] Or, int Choice)[] b)
    {
        foreach (var (or, choice) in a)
        {
            foreach (var other in b)
            {
                if (or == other.Or && choice != other.Choice)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Where a field stands, and the one before it at the same path.</summary>
    private sealed class Place(int offset, bool isObject, (ObjectNode[] Or, int Choice)[] within, Place? before)
    {
        public int Offset => offset;

        /// <summary>Whether it has fields, and no values.</summary>
        public bool IsObject => isObject;

        public (ObjectNode[] Or, int Choice)[] Within => within;

        public Place? Before => before;
    }
}
