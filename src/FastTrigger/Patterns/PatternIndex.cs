using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FastTrigger.Patterns;

/// <summary>
/// Finds the few of many patterns that can match an event. A pattern that wants one of some texts in a field is found by the text that the
/// event has there; of several such fields it is the one whose texts the fewest patterns want. Any number of threads may use it.
/// </summary>
internal sealed class PatternIndex
{
    /// <summary>From this number on it is faster than to try every pattern (docs/performance.md).</summary>
    public const int MinPatterns = 8;

    /// <summary>Each field costs a look at every event.</summary>
    private const int MaxProbes = 8;

    /// <summary>Of one object. More names than that are not one kind of event.</summary>
    private const int MaxNames = 32;

    private readonly FieldProbe?[] _probeOf;
    private readonly List<FieldProbe> _probes = new(MaxProbes);
    private readonly ulong[] _always;

    /// <param name="patterns">Null stands for one that may match any event.</param>
    public PatternIndex(ObjectNode?[] patterns)
    {
        var places = new List<Place>();
        var wants = new Wants(patterns, places);
        wants.Choose(static _ => true);
        if (!KeepMostChosen(places))
        {
            wants.Choose(static place => place.IsKept);
        }

        _probeOf = new FieldProbe?[patterns.Length];
        _always = new ulong[(patterns.Length + 63) / 64];
        for (var i = 0; i < patterns.Length; i++)
        {
            var (place, field) = wants.ChosenBy(i);
            if (place is null)
            {
                _always[i >> 6] |= 1UL << i;
                continue;
            }

            if (place.Probe is null)
            {
                _probes.Add(place.Probe = new(place.Path, place.ChosenTexts));
            }

            _probeOf[i] = place.Probe;
            foreach (var test in field!.Tests)
            {
                place.Probe.Add((ExactTest)test, i);
            }
        }
    }

    /// <summary>How long the set of <see cref="Find"/> is.</summary>
    public int Words => _always.Length;

    /// <summary>Whether it looks at more than the fields at the top of an event.</summary>
    public bool IsDeep => _probes.Exists(static probe => probe.IsDeep);

    /// <summary>Finds the patterns that can match: all others do not.</summary>
    /// <param name="root">The event.</param>
    /// <param name="texts">Reads the event's leaves.</param>
    /// <param name="found">Of <see cref="Words"/>: gets bit i % 64 of word i / 64 for pattern i, and nothing else.</param>
    public void Find(JsonElement root, LeafTexts texts, Span<ulong> found)
    {
        _always.CopyTo(found);
        foreach (var probe in _probes)
        {
            probe.Find(root, texts, found);
        }
    }

    /// <summary>The field in which an event has nothing that this pattern wants, when <see cref="Find"/> did not find it.</summary>
    public string? WhyNot(int pattern) => _probeOf[pattern]?.Field;

    /// <summary>Keeps the places that the most patterns have chosen; false when that leaves out some.</summary>
    private static bool KeepMostChosen(List<Place> places)
    {
        for (var i = 0; i < MaxProbes; i++)
        {
            Place? most = null;
            foreach (var place in places)
            {
                most = !place.IsKept && place.Chosen > (most?.Chosen ?? 0) ? place : most;
            }

            if (most is null)
            {
                return true;
            }

            most.IsKept = true;
        }

        return !places.Exists(static place => !place.IsKept && place.Chosen > 0);
    }

    /// <summary>A field that some patterns want texts in, or an object around such fields.</summary>
    private sealed class Place(Place? parent, string name, byte[] utf8)
    {
        private readonly List<Place> _inside = [];

        public string Name => name;

        /// <summary>How many patterns want texts here.</summary>
        public int Users { get; set; }

        /// <summary>How many of them are found by it, and by how many texts in all.</summary>
        public int Chosen { get; set; }

        public int ChosenTexts { get; set; }

        public bool IsKept { get; set; }

        public FieldProbe? Probe { get; set; }

        public byte[][] Path => parent is null ? [] : [.. parent.Path, utf8];

        public Place? Inside(string field, byte[] fieldUtf8, List<Place> places)
        {
            foreach (var known in CollectionsMarshal.AsSpan(_inside))
            {
                if (known.Name == field)
                {
                    return known;
                }
            }

            if (_inside.Count == MaxNames)
            {
                return null;
            }

            var added = new Place(this, field, fieldUtf8);
            _inside.Add(added);
            places.Add(added);
            return added;
        }
    }

    /// <summary>The fields in which each pattern wants one of some texts, and which of them it is found by.</summary>
    private sealed class Wants
    {
        private readonly List<Place> _places;
        private readonly List<(Place Place, FieldNode Field)> _wants;
        private readonly int[] _starts;
        private readonly int[] _chosen;

        /// <summary>
        /// How many patterns want a text in a place, by its hash. That two may share a number makes a choice worse, never wrong.
        /// </summary>
        private readonly int[] _counts;

        public Wants(ObjectNode?[] patterns, List<Place> places)
        {
            _places = places;
            _wants = new(patterns.Length * 4);
            _starts = new int[patterns.Length + 1];
            _chosen = new int[patterns.Length];
            _counts = new int[(int)BitOperations.RoundUpToPowerOf2((uint)patterns.Length * 8)];
            var root = new Place(null, "", []);
            for (var i = 0; i < patterns.Length; i++)
            {
                if (patterns[i] is { } pattern)
                {
                    Collect(pattern, root);
                }

                _starts[i + 1] = _wants.Count;
            }
        }

        /// <summary>The place that a pattern is found by; null when there is none.</summary>
        public (Place? Place, FieldNode? Field) ChosenBy(int pattern) => _chosen[pattern] < 0 ? default : _wants[_chosen[pattern]];

        /// <summary>Lets each pattern choose the place whose texts the fewest patterns want.</summary>
        public void Choose(Func<Place, bool> mayChoose)
        {
            foreach (var place in _places)
            {
                (place.Chosen, place.ChosenTexts) = (0, 0);
            }

            for (var pattern = 0; pattern < _chosen.Length; pattern++)
            {
                var (best, least) = (-1, int.MaxValue);
                for (var i = _starts[pattern]; i < _starts[pattern + 1]; i++)
                {
                    var (place, field) = _wants[i];
                    var cost = mayChoose(place) ? CostOf(place, field) : int.MaxValue;
                    if (cost < least || (cost == least && best >= 0 && place.Users > _wants[best].Place.Users))
                    {
                        (best, least) = (i, cost);
                    }
                }

                _chosen[pattern] = best;
                if (best >= 0)
                {
                    _wants[best].Place.Chosen++;
                    _wants[best].Place.ChosenTexts += _wants[best].Field.Tests.Length;
                }
            }
        }

        private void Collect(ObjectNode node, Place place)
        {
            foreach (ref readonly var field in node.Fields)
            {
                if (place.Inside(field.Name, field.Utf8, _places) is not { } inside)
                {
                    continue;
                }

                if (field.Node is ObjectNode inner)
                {
                    Collect(inner, inside);
                }
                else if (field.Node is FieldNode { WantsText: true } texts)
                {
                    _wants.Add((inside, texts));
                    inside.Users++;
                    foreach (var test in texts.Tests)
                    {
                        CountOf(inside, test)++;
                    }
                }
            }
        }

        private int CostOf(Place place, FieldNode field)
        {
            var most = 0;
            foreach (var test in field.Tests)
            {
                most = Math.Max(most, CountOf(place, test));
            }

            return most;
        }

        private ref int CountOf(Place place, ValueTest test)
        {
            var hash = ((ExactTest)test).Hash + ((uint)place.Name.Length * 0x9E3779B1);
            return ref _counts[(int)(hash & (uint)(_counts.Length - 1))];
        }
    }
}
