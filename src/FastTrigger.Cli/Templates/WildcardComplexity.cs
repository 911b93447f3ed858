using System.Text;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Templates;

/// <summary>
/// How complex the wildcards of a pattern are. EventBridge refuses a rule that is too complex, and says that several wildcards, and
/// sequences that are repeated after one, make it so
/// (docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html). It does not say how it counts. The count is that of
/// AWS's open engine (github.com/aws/event-ruler, MachineComplexityEvaluator): of all wildcards of one field, how many beginnings a single
/// value can match at most.
/// </summary>
internal static class WildcardComplexity
{
    /// <summary>Up to here rules were accepted, as far as is known. AWS does not publish the limit.</summary>
    public const int Max = 10;

    /// <summary>The most steps that are looked at. What needs more is not judged.</summary>
    private const int MaxSets = 5_000;

    private const int Star = -1, AnyOther = -2;

    /// <summary>The path of the first field whose wildcards are too complex; null when there is none.</summary>
    public static string? FieldTooComplex(JsonObject pattern) =>
        Fields(pattern, "").FirstOrDefault(field => Of(field.Groups) > Max).Path;

    /// <summary>Whether an operator of the pattern has a wildcard.</summary>
    public static bool HasWildcard(JsonObject pattern) => Fields(pattern, "").Any();

    /// <summary>The complexity of wildcards of one field, up to one more than the maximum.</summary>
    /// <param name="groups">The texts of each operator. They count what they have in common once.</param>
    public static int Of(IEnumerable<IReadOnlyList<string>> groups)
    {
        var wildcards = groups
            .DistinctBy(static texts => string.Join('\n', texts))
            .SelectMany(static (texts, group) => texts.Distinct().Select(text => new Wildcard(group, Tokens(text))))
            .ToList();
        var letters = wildcards
            .SelectMany(static wildcard => wildcard.Tokens)
            .Where(static token => token != Star)
            .Append(AnyOther)
            .Distinct()
            .ToArray();
        var start = wildcards.Select(static (_, i) => new Beginning(i, 0)).ToHashSet();
        var pending = new Queue<HashSet<Beginning>>([start]);
        var seen = new HashSet<string>();
        var most = 0;
        while (pending.TryDequeue(out var active) && most <= Max && seen.Count < MaxSets)
        {
            foreach (var letter in letters)
            {
                var next = Step(active, letter, wildcards);
                most = Math.Max(most, next.Select(one => wildcards[one.Wildcard].Key(one.Length)).Distinct().Count());
                if (next.Count > 0 && seen.Add(string.Join(' ', next.OrderBy(static one => (one.Wildcard, one.Length)))))
                {
                    pending.Enqueue(next);
                }
            }
        }

        return Math.Min(most, Max + 1);
    }

    /// <summary>The beginnings that a value matches which is one letter longer.</summary>
    private static HashSet<Beginning> Step(HashSet<Beginning> active, int letter, List<Wildcard> wildcards)
    {
        var next = new HashSet<Beginning>();
        foreach (var (index, length) in active)
        {
            var tokens = wildcards[index].Tokens;
            if (length > 0 && tokens[length - 1] == Star)
            {
                next.Add(new(index, length));
            }

            if (length < tokens.Length && tokens[length] == letter)
            {
                next.Add(new(index, length + 1));
                // A star stands for nothing too.
                if (length + 1 < tokens.Length && tokens[length + 1] == Star)
                {
                    next.Add(new(index, length + 2));
                }
            }
        }

        return next;
    }

    /// <summary>The bytes of the text as it stands in JSON, with its quotes.</summary>
    private static int[] Tokens(string text)
    {
        var tokens = new List<int> { '"' };
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '*')
            {
                tokens.Add(Star);
                continue;
            }

            i += text[i] == '\\' && i + 1 < text.Length ? 1 : 0;
            var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
            tokens.AddRange(Encoding.UTF8.GetBytes(text.Substring(i, length)).Select(static one => (int)one));
            i += length - 1;
        }

        return [.. tokens, '"'];
    }

    /// <summary>The fields with wildcards. A field in an alternative of `$or` is one of its own.</summary>
    private static IEnumerable<(string Path, List<IReadOnlyList<string>> Groups)> Fields(JsonObject pattern, string path)
    {
        foreach (var (name, value) in pattern)
        {
            var below = path.Length == 0 ? name : $"{path}.{name}";
            var inside = value switch
            {
                JsonObject inner => Fields(inner, below),
                JsonArray choices when name == "$or" => choices.OfType<JsonObject>().SelectMany(choice => Fields(choice, path)),
                JsonArray tests => GroupsOf(tests) is { Count: > 0 } groups ? [(below, groups)] : [],
                _ => [],
            };
            foreach (var field in inside)
            {
                yield return field;
            }
        }
    }

    private static List<IReadOnlyList<string>> GroupsOf(JsonArray tests) =>
        [.. tests.OfType<JsonObject>().Select(TextsOf).Where(static texts => texts.Count > 0)];

    /// <summary>The texts of {"wildcard": ...} or {"anything-but": {"wildcard": ...}}.</summary>
    private static IReadOnlyList<string> TextsOf(JsonObject test)
    {
        var (name, operand) = test.FirstOrDefault();
        return operand switch
        {
            JsonObject inner when name == "anything-but" => TextsOf(inner),
            JsonArray texts when name == "wildcard" => [.. texts.Select(static text => text!.ToString())],
            JsonValue text when name == "wildcard" => [text.ToString()],
            _ => [],
        };
    }

    private readonly record struct Beginning(int Wildcard, int Length);

    private sealed record Wildcard(int Group, int[] Tokens)
    {
        /// <summary>What counts once: up to its first star a beginning is one for all texts of an operator, and so is the end.</summary>
        public string Key(int length)
        {
            var first = Array.IndexOf(Tokens, Star);
            return length == Tokens.Length ? $"{Group} end"
                : first < 0 || length <= first + 1 ? $"{Group} {string.Join(' ', Tokens.Take(length))}"
                : $"{Group} {string.Join(' ', Tokens)} {length}";
        }
    }
}
