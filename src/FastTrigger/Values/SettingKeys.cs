using System.Runtime.CompilerServices;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Values;

/// <summary>The keys of one object of routes.json, and those that were asked for.</summary>
internal struct SettingKeys(JsonNode node)
{
    /// <summary>What an action asks for at most, about.</summary>
    private const int MaxKnown = 16;

    private const int MaxBits = 64;

    /// <summary>Lists of objects that have ended.</summary>
    [ThreadStatic]
    private static List<List<string>>? s_spare;

    /// <summary>The keys that were asked for; some more than once.</summary>
    private readonly List<string> _known = Rent();

    /// <summary>A bit for each key that the object may have. Most keys that are asked for are not there.</summary>
    private readonly ulong _mayHave = BitsOf(node);

    /// <summary>A bit for each of the first <see cref="MaxBits"/> members that was asked for.</summary>
    private ulong _taken;

    public JsonNode? Take(string name)
    {
        _known.Add(name);
        return Find(name);
    }

    /// <summary>The value of a key, which counts as one that was asked for.</summary>
    public JsonNode? Find(string name) => (_mayHave & BitOf(name)) == 0 ? null : FindMember(name);

    private JsonNode? FindMember(string name)
    {
        var i = 0;
        foreach (var member in node.Members)
        {
            if (member.Name == name)
            {
                _taken |= i < MaxBits ? 1UL << i : 0;
                return member.Value;
            }

            i++;
        }

        return null;
    }

    /// <summary>Whether a member was asked for.</summary>
    public readonly bool IsTaken(int index, string name) =>
        (index < MaxBits && (_taken & (1UL << index)) != 0) || _known.Has(name);

    /// <summary>Every key that was asked for, once.</summary>
    public readonly List<string> Taken()
    {
        var once = new List<string>(_known.Count);
        foreach (var name in _known)
        {
            if (!once.Has(name))
            {
                once.Add(name);
            }
        }

        return once;
    }

    public readonly void End()
    {
        _known.Clear();
        s_spare!.Add(_known);
    }

    private static ulong BitsOf(JsonNode node)
    {
        var bits = 0UL;
        foreach (var member in node.Members)
        {
            bits |= BitOf(member.Name);
        }

        return bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong BitOf(string name) => name.Length == 0 ? 1 : 1UL << ((name.Length * 8) + name[0]);

    private static List<string> Rent()
    {
        var spare = s_spare ??= [];
        if (spare.Count == 0)
        {
            return new(MaxKnown);
        }

        var known = spare[^1];
        spare.RemoveAt(spare.Count - 1);
        return known;
    }
}
