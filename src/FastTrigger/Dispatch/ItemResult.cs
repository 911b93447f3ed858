using FastTrigger.Core;
using FastTrigger.Events;
using FastTrigger.Routing;
using FastTrigger.Routing.Auth;
using FastTrigger.Runtime;

namespace FastTrigger.Dispatch;

/// <summary>
/// What becomes of one item. The item itself is what happened and never changes; each step reads from here what the steps before it found,
/// and writes what it found itself.
/// </summary>
internal sealed class ItemResult(Item item)
{
    private static readonly List<RouteResult> s_none = [];

    /// <summary>Most events are of no concern to any route.</summary>
    private List<RouteResult> _routes = s_none;

    public Item Item => item;

    /// <summary>Recognise: the earlier item of this delivery that is the same event; null when this is the first.</summary>
    public ItemResult? SameAs { get; set; }

    /// <summary>Match: the routes that take it, in their order. Admit removes those that refuse it.</summary>
    public List<RouteResult> Routes => _routes;

    /// <summary>Match: whether there is a route of the name that it was sent to.</summary>
    public bool IsRouteKnown { get; set; } = true;

    /// <summary>Admit: why a route that would take it refused it; <see cref="AuthDecision.Allowed"/> when none did.</summary>
    public AuthDecision Refusal { get; private set; } = AuthDecision.Allowed;

    /// <summary>Act: whether it was started.</summary>
    public bool IsStarted { get; set; }

    /// <summary>Settle: the outcome of the item.</summary>
    public ItemOutcome Outcome { get; set; }

    /// <summary>Settle: JSON that a C# handler gave as the answer.</summary>
    public string? Given { get; set; }

    /// <summary>Any step: why it makes the invocation an error; null when it does not.</summary>
    public RuntimeError? Error { get; set; }

    /// <summary>Whether it must be delivered again.</summary>
    public bool IsUndone => Error is not null || !IsStarted;

    public ItemAnswer Answer => new(item, Outcome, IsUndone, Given);

    /// <summary>Whether a call for several items has served it.</summary>
    public bool IsBatched
    {
        get
        {
            foreach (var route in _routes)
            {
                if (route.IsBatched)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public void Take(Route route)
    {
        _routes = _routes == s_none ? new(1) : _routes;
        _routes.Add(new(route));
    }

    public void Refuse(RouteResult route, AuthDecision decision)
    {
        _routes.RemoveAll(taken => taken == route);
        Refusal = Refusal.Outcome == ItemOutcome.Done ? decision : Refusal;
    }

    /// <summary>Another delivery of the same event in the same batch has the same outcome.</summary>
    public void CopyFrom(ItemResult first)
    {
        IsStarted = first.IsStarted;
        Outcome = first.Outcome;
        Given = first.Given;
        Error = first.Error;
    }

    /// <summary>
    /// A bug in a step costs this item alone, and so does what needs more memory than is free. The binary has no texts of exceptions, but
    /// keys of them, such as Arg_KeyNotFound, which help nobody.
    /// </summary>
    /// <param name="step">What was done to it.</param>
    /// <exception cref="OutOfMemoryException">The memory stays full, so that no other item would find any.</exception>
    public void Fault(string step, Exception e)
    {
        Outcome = ItemOutcome.Failed;
        if (e is OutOfMemoryException)
        {
            HeapLimit.GiveBack();
            // It is the batch that fills the memory: the next item would find none, either.
            if (HeapLimit.IsTight)
            {
                throw e;
            }

            Error = new(HeapLimit.ErrorType, HeapLimit.Explain("the record", item.Size));
            return;
        }

        var text = e.Message.Contains(' ') ? $": {e.Message}" : "";
        Error = new(
            "Function.Unhandled",
            $"{e.GetType().Name}{text}. It happened while {step} this record, and is a fault of FastTrigger; please report it");
    }
}
