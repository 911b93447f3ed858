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

    public static void Check(ObjectNode pattern, JsonProblems problems)
    {
        if (Combinations(pattern) > MaxCombinations)
        {
            problems.Add(pattern.Offset, $"its $or have over {MaxCombinations} combinations of alternatives, which EventBridge refuses");
        }

        var leaves = new List<Leaf>();
        Collect(pattern, null, [], leaves);
        for (var i = 0; i < leaves.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (leaves[i].Path == leaves[j].Path && !Exclude(leaves[i].Within, leaves[j].Within))
                {
                    problems.Add(
                        leaves[i].Offset,
                        $"'{leaves[i].Path}' stands both inside and outside $or, and EventBridge takes the last and ignores the other; "
                            + $"the other is at {problems.Place(leaves[j].Offset)}");
                    break;
                }
            }
        }
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
    private static void Collect(ObjectNode node, string? path, (ObjectNode[] Or, int Choice)[] within, List<Leaf> leaves)
    {
        foreach (var field in node.Fields)
        {
            var below = path is null ? field.Name : path + "." + field.Name;
            if (field.Node is ObjectNode inner)
            {
                Collect(inner, below, within, leaves);
            }
            else
            {
                leaves.Add(new(below, field.Node.Offset, within));
            }
        }

        foreach (var alternatives in node.Alternatives)
        {
            for (var i = 0; i < alternatives.Length; i++)
            {
                Collect(alternatives[i], path, [.. within, (alternatives, i)], leaves);
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

    private readonly record struct Leaf(string Path, int Offset, (ObjectNode[] Or, int Choice)[] Within);
}
