using System.Text.Json;
using FastTrigger.Actions;
using FastTrigger.Core;
using FastTrigger.Patterns;
using FastTrigger.Routing.Auth;

namespace FastTrigger.Routing;

/// <summary>One route: which items it takes, and what it does with them in which order.</summary>
/// <param name="When">The pattern; null for a route on a schedule, which takes only what is sent to it by name.</param>
/// <param name="From">The chains it takes; empty for all.</param>
internal sealed record Route(
    string Name,
    ObjectNode? When,
    string? Schedule,
    IReadOnlyList<string> From,
    IReadOnlyList<RouteAction> Actions)
{
    /// <summary>Whether it only says what it would do.</summary>
    public bool DryRun { get; init; }

    /// <summary>For how long after the event an action may be tried again (C5.6); null for as long as it comes again.</summary>
    public int? RetryForMs { get; init; }

    /// <summary>Who may send it HTTP requests; null for nobody.</summary>
    public RouteAuth? Auth { get; init; }

    /// <summary>What a lifecycle hook is completed with; null when the route completes none.</summary>
    public LifecycleSetting? Lifecycle { get; init; }

    /// <summary>What AWS Config gets of a resource that it takes; null for NON_COMPLIANT.</summary>
    public string? Compliance { get; init; }

    /// <summary>
    /// Whether it acts once, or refuses replays, by entries in the act-once table; a route for HTTP requests also notes there what a key
    /// stands for.
    /// </summary>
    public bool NeedsOnceTable
    {
        get
        {
            if (Auth is { NeedsOnceTable: true } || (Auth is not null && ActsOnce))
            {
                return true;
            }

            foreach (var action in Actions)
            {
                if (action.NeedsOnceTable)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Whether an action of it is carried out once for an event.</summary>
    public bool ActsOnce
    {
        get
        {
            foreach (var action in Actions)
            {
                if (action.Once is { Enabled: true })
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Null when the route takes the item; else why not, naming fields but never their values.</summary>
    public string? WhyNot(Item item) => WhyNot(item, new LeafTexts().Begin(item.Matched));

    /// <inheritdoc cref="WhyNot(Item)"/>
    /// <param name="texts">Reads the leaves of <see cref="Item.Matched"/>.</param>
    public string? WhyNot(Item item, LeafTexts texts)
    {
        if (WhyElsewhere(item) is { } elsewhere)
        {
            return elsewhere;
        }

        if (When is null)
        {
            return item.RouteName is null ? "schedule" : null;
        }

        if (!item.IsNested)
        {
            // What is inside a field may stand in the event with dots in its name. A field at the top may not.
            var mismatch = When.FirstMismatch(item.Event, null, texts);
            var isFinal = mismatch is not null && !mismatch.AsSpan().ContainsAny('.', '[', '$');
            if (isFinal || item.Nested is not { } nested)
            {
                return mismatch ?? OtherForm(item);
            }

            texts.Begin(nested);
        }

        return When.FirstMismatch(item.Matched, null, texts) ?? OtherForm(item);
    }

    /// <summary>
    /// The field whose pattern is for JSON while the record carries text, or the other way round; null when there is none. Lambda's filters
    /// drop such records of queues and streams, also where the pattern asks for what is missing
    /// (docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html).
    /// </summary>
    private string? OtherForm(Item item) =>
        item.DataField is { } field && When!.Find(field) is { } pattern && item.Event.TryGetProperty(field, out var data)
        && data.ValueKind == (pattern is ObjectNode ? JsonValueKind.String : JsonValueKind.Object)
            ? field
            : null;

    /// <summary>Why it is not offered to this route, whatever stands in the event; null when it is.</summary>
    public string? WhyElsewhere(Item item) =>
        item.RouteName is not null && item.RouteName != Name ? "sent to another route"
        : (From.Count > 0 ? !From.Has(item.Source) : item.IsNamedOnly) ? "from"
        : null;
}
