using System.Text.Json;
using FastTrigger.Actions;
using FastTrigger.Cli.Routes;
using FastTrigger.Events;
using FastTrigger.Json;
using FastTrigger.Routing;

namespace FastTrigger.Cli.Matching;

/// <summary>Matches the items of events with routes, and says why a route does not take one.</summary>
/// <param name="routes">The routes whose file says which queues, topics and streams are trusted; null to trust all of them.</param>
internal sealed class Matcher(IReadOnlyList<MatchTarget> targets, RouteTable? routes)
{
    /// <summary>Stands for Lambda's request id.</summary>
    private const string RequestId = "local";

    public IReadOnlyList<MatchTarget> Targets => targets;

    public static Matcher Of(RoutesDocument routes) => new(MatchTarget.Of(routes), routes.Table);

    /// <summary>The same with the routes of one name.</summary>
    public Matcher Only(string name) => new([.. targets.Where(target => target.Name == name)], routes);

    /// <summary>The items of a delivery; none, with the problem, when it is not JSON.</summary>
    public IReadOnlyList<ItemMatch> Match(ReadOnlyMemory<byte> payload, out string problem)
    {
        using var document = EventJson.Parse(payload, out problem);
        if (document is null)
        {
            return [];
        }

        var root = document.RootElement;
        return routes is null && IsList(root)
            ? [.. root.EnumerateArray().SelectMany((element, i) => Match(element).Select(item => item with { Place = $"[{i}]" }))]
            : Match(root);
    }

    /// <summary>Whether this is an array of saved events. What a pipe delivers is an array too, and a batch.</summary>
    private static bool IsList(JsonElement root) => root.ValueKind == JsonValueKind.Array
        && root.GetArrayLength() > 0
        && Open(root, static _ => true).TrueForAll(static item => item.Source == DirectSource.Direct);

    private List<ItemMatch> Match(JsonElement root)
    {
        var untrusted = new List<string>();
        var items = Open(root, arn =>
        {
            var isTrusted = routes is null || NamePattern.Any(routes.Trust, arn);
            untrusted.AddRange(isTrusted || untrusted.Contains(arn) ? [] : [arn]);
            return isTrusted;
        });
        var trusted = untrusted.Count == 0 ? items : Open(root, static _ => true);
        var matches = new List<ItemMatch>();
        for (var i = 0; i < items.Count; i++)
        {
            matches.Add(Match(items[i], trusted.Count == items.Count ? trusted[i] : items[i], untrusted));
        }

        return matches;
    }

    private static List<Item> Open(JsonElement root, Func<string, bool> trust)
    {
        var items = new List<Item>();
        EventSources.Open(root, RequestId, trust, items);
        return items;
    }

    /// <param name="trusted">The same item from a sender that is trusted.</param>
    private ItemMatch Match(Item item, Item trusted, List<string> untrusted)
    {
        if (item.Unplayable is { } problem)
        {
            return new(item.Source, item.RecordId, $"the function refuses it: {problem}", []) { IsRefused = true };
        }

        var found = targets.Select(target => RouteMatch.Of(target, item)).ToList();
        var hint = found.Exists(route => route.Matches) ? "" : Hint(item, trusted, untrusted, found);
        return new(item.Source, item.RecordId, hint, found);
    }

    /// <summary>What could be meant by an item that no route takes.</summary>
    private string Hint(Item item, Item trusted, List<string> untrusted, List<RouteMatch> found)
    {
        if (trusted.Source != item.Source)
        {
            return $"with {string.Join(" or ", untrusted.Select(ShownJson.Quoted))} in \"trust\" of the routes file it would be from "
                + $"{trusted.Source}: what is inside counts as an event of AWS only from a sender that is trusted";
        }

        if (OtherForm.Hint(item) is { } form)
        {
            return form;
        }

        if (routes is null)
        {
            return targets.Any(target => BareDetail.IsMeant(target.Pattern, item))
                ? "it has the fields that a pattern wants in 'detail', and nothing around them: send the whole event; "
                    + "where a rule sends it, remove InputPath from the rule's target"
                : "";
        }

        if (item.RouteName is { } name && routes.Routes.All(route => route.Name != name))
        {
            var near = NearName.Hint(name, routes.Routes.Select(route => route.Name), "");
            return $"the event was sent to route '{ShownJson.Name(name)}', which is not there" + (near.Length > 0 ? $"; {near}" : "");
        }

        if (BareDetail.Hint(routes.Routes, item) is { } hint)
        {
            return hint;
        }

        // A route on a schedule takes no other source anyway.
        if (targets.All(target => target.Pattern is null))
        {
            return "";
        }

        var isUnnamed = !targets.Zip(found).Any(route => route.First.Pattern is not null && (route.Second is not { Fields: [], Hint: "" }));
        if (isUnnamed && item.RouteName is null)
        {
            return $"no route takes events from {item.Source}: give one \"from\": [\"{item.Source}\"]";
        }

        return EventSources.Find(item.Source) is { IsEnvelope: true } && found.TrueForAll(route => route.Distance >= 1)
            ? $"no event was found in this record of {item.Source}, so patterns see the record itself"
            : "";
    }
}
