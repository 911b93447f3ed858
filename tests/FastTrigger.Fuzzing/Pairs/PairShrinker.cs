namespace FastTrigger.Fuzzing.Pairs;

/// <summary>Makes a pair smaller for as long as it stays what is looked for.</summary>
internal static class PairShrinker
{
    private const string SimpleName = "\"a\"";

    private static readonly string[] s_simple = ["1", "\"\"", "\"a\"", "null"];

    /// <param name="isSought">Whether a pair is of the kind that is looked for. The given one is.</param>
    public static Pair Shrink(Pair pair, Func<Pair, bool> isSought)
    {
        for (var isSmaller = true; isSmaller;)
        {
            isSmaller = false;
            foreach (var candidate in Smaller(pair))
            {
                if (isSought(candidate))
                {
                    pair = candidate;
                    isSmaller = true;
                    break;
                }
            }
        }

        return pair;
    }

    /// <summary>Changes of one of the two, and then of both, as when a name or a level stands in both.</summary>
    private static IEnumerable<Pair> Smaller(Pair pair) => Smaller(pair.Pattern).Select(tree => pair with { Pattern = tree })
        .Concat(Smaller(pair.Event).Select(tree => pair with { Event = tree }))
        .Concat(Smaller(pair.Pattern).SelectMany(tree => Smaller(pair.Event).Select(other => new Pair(tree, other))));

    /// <summary>The tree with one change that makes it smaller or simpler, in all ways, those that leave out most first.</summary>
    private static IEnumerable<JsonTree> Smaller(JsonTree tree)
    {
        var count = tree.All.Count();
        for (var at = 0; at < count; at++)
        {
            foreach (var change in Changes(tree.All.ElementAt(at)).ToArray())
            {
                var copy = tree.Copy();
                change(copy.All.ElementAt(at));
                yield return copy;
            }
        }
    }

    private static IEnumerable<Action<JsonTree>> Changes(JsonTree node)
    {
        var children = (node.Items?.Count ?? 0) + (node.Members?.Count ?? 0);
        for (var i = 0; i < children; i++)
        {
            var child = i;
            yield return changed => Remove(changed, child);
            yield return changed => changed.Become(changed.Children.ElementAt(child));
        }

        for (var i = 0; i < node.Members?.Count; i++)
        {
            var member = i;
            // One alternative of $or in the place of all.
            for (var j = 0; j < node.Members[i].Value.Items?.Count; j++)
            {
                var item = j;
                yield return changed => changed.Become(changed.Members![member].Value.Items![item]);
            }

            if (node.Members[i].Name is not (SimpleName or "\"$or\""))
            {
                yield return changed => changed.Members![member] = (SimpleName, changed.Members[member].Value);
            }
        }

        if (node.Scalar is { } scalar)
        {
            foreach (var simple in s_simple.Where(simple => simple.Length < scalar.Length || (simple == "1" && scalar is [not '1'])))
            {
                yield return changed => changed.Become(JsonTree.Of(simple));
            }

            for (var i = 1; scalar[0] == '"' && i < scalar.Length - 1; i += LengthAt(scalar, i))
            {
                var letter = i;
                yield return changed => changed.Become(JsonTree.Of(scalar.Remove(letter, LengthAt(scalar, letter))));
            }
        }
    }

    /// <summary>The length of the letter, or of its escapes, that starts there.</summary>
    private static int LengthAt(string json, int at)
    {
        if (json[at] != '\\')
        {
            return char.IsHighSurrogate(json[at]) ? 2 : 1;
        }

        return json[at + 1] != 'u' ? 2 : json[at + 2] is 'd' or 'D' && json[at + 3] is not (>= '0' and <= '7') ? 12 : 6;
    }

    private static void Remove(JsonTree node, int child)
    {
        node.Items?.RemoveAt(child);
        node.Members?.RemoveAt(child);
    }
}
