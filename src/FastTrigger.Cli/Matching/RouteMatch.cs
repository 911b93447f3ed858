using System.Text.Json.Nodes;
using FastTrigger.Events;

namespace FastTrigger.Cli.Matching;

/// <summary>Whether a route takes an item, and why not.</summary>
/// <param name="Reason">What is not about fields: why it does not take the item, or what to know although it does. Else empty.</param>
/// <param name="Hint">What could be meant; empty when nothing is near.</param>
/// <param name="Fields">The fields of its pattern that the item does not match.</param>
internal sealed record RouteMatch(string Route, bool Matches, string Reason, string Hint, IReadOnlyList<FailedField> Fields)
{
    /// <summary>Why a route on a schedule takes no other event.</summary>
    public const string OnlyItsSchedule = "it takes only what its schedule sends";

    /// <summary>
    /// The part of the pattern's fields that fails: the smaller, the nearer is the item. 1 when no field matches by a value.
    /// </summary>
    public double Distance { get; private init; } = 1;

    public static RouteMatch Of(MatchTarget target, Item item) => target.Route is null ? OfPattern(target, item) : OfRoute(target, item);

    /// <summary>The reason, and below it each field that fails.</summary>
    public IEnumerable<(int Depth, string Text)> Lines() =>
        Reason.Length > 0 ? [(0, Hint.Length > 0 ? $"{Reason}; {Hint}" : Reason)] : Fields.SelectMany(field => field.Lines());

    /// <summary>One line: the reason, or the first field that fails.</summary>
    public override string ToString() => Fields.Count == 0 ? $"route '{Route}': {Lines().First().Text}"
        : Fields.Count == 1 ? $"route '{Route}': {Fields[0]}"
        : $"route '{Route}': {Fields[0]}; and {Fields.Count - 1} more {(Fields.Count == 2 ? "field" : "fields")}";

    public JsonObject ToJson() => new()
    {
        ["route"] = Route,
        ["matches"] = Matches,
        ["reason"] = Reason,
        ["hint"] = Hint,
        ["fields"] = FailedField.Array(Fields),
    };

    private static RouteMatch OfPattern(MatchTarget target, Item item)
    {
        const string OnlyWrites = "the rule gets read-only management events of CloudTrail only with the State "
            + "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";
        var isMatch = target.Pattern?.Matches(item.Nested ?? item.Event) == true;
        var why = target.Idle ?? (isMatch && target.GetsNoReads && RuleDelivery.IsRead(item.Event) ? OnlyWrites : null);
        return RuleDelivery.IsScheduled(item.Event, target.Arn) ? new(target.Name, true, "", "", [])
            : why is not null ? new(target.Name, false, why, isMatch ? "its pattern matches" : "", [])
            : isMatch ? new(target.Name, true, "", "", [])
            : OfFields(target, item);
    }

    private static RouteMatch OfRoute(MatchTarget target, Item item)
    {
        var route = target.Route!;
        RouteMatch Because(string reason, string hint = "") => new(route.Name, false, reason, hint, []);
        return route.WhyNot(item) switch
        {
            null => new(route.Name, true, Note(target), "", []),
            "sent to another route" => Because($"the event was sent to route '{ShownJson.Name(item.RouteName!)}' alone"),
            "from" when target.Pattern is not null => Because(OfSource(target, item), SourceHint(target, item)),
            _ when target.Pattern is null => Because(
                OnlyItsSchedule,
                $"fasttrigger events scheduler --variant route --set fasttrigger-route={route.Name} prints such an event"),
            _ => OfFields(target, item),
        };
    }

    private static RouteMatch OfFields(MatchTarget target, Item item)
    {
        var json = item.Nested ?? item.Event;
        var fields = PatternExplanation.Find(target.Pattern!, target.Text, json, item.Event);
        return new(target.Name, false, "", "", fields)
        {
            Distance = PatternExplanation.Distance(target.Pattern!, fields, json),
        };
    }

    private static string Note(MatchTarget target) => target.Route switch
    {
        { DryRun: true } => "its dryRun is on: it only says what it would do",
        { } when target.LetsEverybodyIn => "its auth lets everybody in",
        { Auth: not null } => "its auth still decides whether the sender may",
        _ => "",
    };

    private static string OfSource(MatchTarget target, Item item)
    {
        var chain = item.Source.Split('/');
        var source = chain.Length == 1 ? item.Source
            : $"{item.Source}, which is {string.Join(" inside ", chain.Reverse())}";
        return target.Route!.From.Count == 0
            ? $"it has no \"from\", and events from {source} are taken only by routes that name it"
            : $"it takes events from {string.Join(" and ", target.Route.From)}, and this one is from {source}";
    }

    /// <summary>What to write when nothing but the source is wrong.</summary>
    private static string SourceHint(MatchTarget target, Item item)
    {
        if (target.Pattern?.Matches(item.Nested ?? item.Event) != true)
        {
            return "";
        }

        var auth = EventSources.Find(item.Source) is { NeedsAuth: true } && target.Route!.Auth is null ? ", and \"auth\"" : "";
        return target.Route!.From.Count == 0
            ? $"its pattern matches: give the route \"from\": [\"{item.Source}\"]{auth}"
            : $"its pattern matches: add \"{item.Source}\" to its \"from\"{auth}";
    }
}
