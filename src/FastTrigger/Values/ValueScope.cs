using FastTrigger.Core;
using FastTrigger.Events;

namespace FastTrigger.Values;

/// <summary>The values that `${...}` can read while an action handles an item.</summary>
/// <param name="Parameter">Reads a parameter of Parameter Store.</param>
internal readonly record struct ValueScope(
    Item Item,
    string RouteName,
    Func<string, string?> Variable,
    Clock Clock,
    Func<string, ValueResult> Parameter)
{
    /// <summary>What takes the place of everything that the event does not say; null for a real event.</summary>
    public string? Placeholder { get; init; }

    /// <summary>The form of ${owner}.</summary>
    public OwnerForm Owner { get; init; }
}
