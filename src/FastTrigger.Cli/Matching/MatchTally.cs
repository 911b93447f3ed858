using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Matching;

/// <summary>How many items each route takes, over all events.</summary>
/// <param name="refused">What is wrong with rules that could not be tried.</param>
internal sealed class MatchTally(IReadOnlyList<MatchTarget> targets, IReadOnlyList<string> refused)
{
    private readonly int[] _taken = new int[targets.Count];

    public int Events { get; private set; }

    /// <summary>Those that are not JSON.</summary>
    public int Broken { get; private set; }

    public int Items { get; private set; }

    public int Taken { get; private set; }

    public IReadOnlyList<string> Refused => refused;

    /// <summary>What each file is that was left out.</summary>
    public List<string> LeftOut { get; } = [];

    /// <summary>Each route with how many items it takes.</summary>
    public IEnumerable<(MatchTarget Target, int Taken)> Routes => targets.Zip(_taken);

    /// <summary>Whether every event could be read, a route takes every item, and every rule could be tried.</summary>
    public bool IsComplete => Broken == 0 && Taken == Items && refused.Count == 0;

    /// <summary>The routes that take nothing and could.</summary>
    public IEnumerable<MatchTarget> Never => Routes.Where(one => one.Taken == 0 && one.Target.Idle is null).Select(one => one.Target);

    /// <summary>The rules that take nothing, whatever the events are.</summary>
    public IEnumerable<MatchTarget> Idle => Routes.Where(one => one.Taken == 0 && one.Target.Idle is not null).Select(one => one.Target);

    /// <summary>Whether, beyond that, every route takes something that can.</summary>
    public bool IsCovered => IsComplete && !Never.Any();

    public void Add(SavedEvent one, IReadOnlyList<ItemMatch> items)
    {
        Events++;
        Broken += one.Problem is null ? 0 : 1;
        foreach (var item in items)
        {
            Items++;
            Taken += item.IsTaken ? 1 : 0;
            for (var i = 0; i < item.Routes.Count; i++)
            {
                _taken[i] += item.Routes[i].Matches ? 1 : 0;
            }
        }
    }

    public JsonObject ToJson() => new()
    {
        ["events"] = Events,
        ["broken"] = Broken,
        ["items"] = Items,
        ["taken"] = Taken,
        ["routes"] = new JsonArray([.. Routes.Select(JsonNode (one) => new JsonObject
        {
            ["route"] = one.Target.Name,
            ["taken"] = one.Taken,
        })]),
        ["never"] = Names(Never.Select(target => target.Name)),
        ["idle"] = Names(Idle.Select(target => target.Name)),
        ["refused"] = Names(refused),
        ["leftOut"] = Names(LeftOut),
    };

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)name)]);
}
