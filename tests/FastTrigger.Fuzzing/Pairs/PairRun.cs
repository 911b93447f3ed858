using System.Text;
using System.Text.Json;
using FastTrigger.Events;
using FastTrigger.Json;
using FastTrigger.Patterns;
using FastTrigger.Routing;

namespace FastTrigger.Fuzzing.Pairs;

/// <summary>Pairs of patterns and events, decided by the function's matching and by the reference.</summary>
internal sealed class PairRun
{
    private readonly Func<Pair, bool?> _engine;
    private readonly PatternReference _reference;
    private bool _counts = true;

    /// <param name="engine">What is compared with the reference: null when it refuses the pattern. By default that of the function.</param>
    public PairRun(Func<Pair, bool?>? engine = null)
    {
        _engine = engine ?? MatchesRoute;
        _reference = new((name, matches) =>
        {
            if (_counts)
            {
                var (yes, no) = Operators.GetValueOrDefault(name);
                Operators[name] = matches ? (yes + 1, no) : (yes, no + 1);
            }
        });
    }

    public int Count { get; private set; }

    public int Matching { get; private set; }

    /// <summary>How often each operator has matched a value, and how often not.</summary>
    public SortedDictionary<string, (long Yes, long No)> Operators { get; } = new(StringComparer.Ordinal);

    /// <summary>Decides as many pairs.</summary>
    /// <exception cref="FuzzException">The two differ. The message has the smallest pair for which they do.</exception>
    public void Decide(int seed, int count)
    {
        var generator = new PairGenerator(seed);
        for (var i = 0; i < count; i++)
        {
            var pair = generator.Next();
            var expected = _reference.Matches(pair.Pattern.ToString(), pair.Event.ToString());
            var actual = _engine(pair);
            if (actual is null)
            {
                throw new FuzzException($"seed {seed}, pair {i}: the pattern is refused\n{ReadPattern(pair).Problems}\n{pair.Pattern}");
            }

            if (actual != expected)
            {
                _counts = false;
                var smallest = PairShrinker.Shrink(pair, IsDecidedDifferently);
                throw new FuzzException($$"""
                    seed {{seed}}, pair {{i}}: the reference says {{Word(Reference(smallest))}}, the function {{Word(_engine(smallest))}}
                    {{smallest}}
                    which was made of
                    {{pair}}
                    """);
            }

            Count++;
            Matching += expected ? 1 : 0;
        }
    }

    /// <summary>What a route with this pattern says of a direct event; null when the pattern is refused.</summary>
    public static bool? MatchesRoute(Pair pair)
    {
        if (ReadPattern(pair).Pattern is not { } pattern)
        {
            return null;
        }

        using var document = JsonDocument.Parse(pair.Event.ToString(), new() { MaxDepth = EventJson.MaxDepth });
        var items = EventSources.Open(document.RootElement, "request-1", static _ => false).Items;
        var route = new Route("route", pattern, null, [], []);
        return items is [var item] && route.WhyNot(item) is null;
    }

    private static (ObjectNode? Pattern, JsonProblems Problems) ReadPattern(Pair pair)
    {
        var text = Encoding.UTF8.GetBytes(pair.Pattern.ToString());
        var problems = new JsonProblems("pattern", text);
        var pattern = JsonNodeReader.Read(text, problems) is { } source ? PatternReader.Read(source, problems) : null;
        return (problems.Any ? null : pattern, problems);
    }

    private static string Word(bool? matches) => matches switch { true => "yes", false => "no", null => "neither" };

    /// <summary>A pattern that was not refused may not become one that is, and an event stays an object, which is one item.</summary>
    private bool IsDecidedDifferently(Pair pair)
    {
        try
        {
            return pair.Event.Members is not null && _engine(pair) is { } matches && Reference(pair) is { } expected && expected != matches;
        }
        // A pair that has become no pair any more.
        catch (JsonException)
        {
            return false;
        }
    }

    private bool? Reference(Pair pair)
    {
        try
        {
            return _reference.Matches(pair.Pattern.ToString(), pair.Event.ToString());
        }
        // The pattern has a form that has no meaning.
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException or KeyNotFoundException)
        {
            return null;
        }
    }
}
