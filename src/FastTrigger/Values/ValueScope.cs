using FastTrigger.Core;
using FastTrigger.Events;

namespace FastTrigger.Values;

/// <summary>What `${...}` can see while an action works on an item.</summary>
/// <param name="Parameter">Reads a parameter of Parameter Store.</param>
internal readonly record struct ValueScope(Item Item, string RouteName, Func<string, string?> Variable, Clock Clock, Func<string, ValueResult> Parameter)
{
    /// <summary>What ${owner} gives.</summary>
    public OwnerForm Owner { get; init; }
}
