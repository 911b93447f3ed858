using FastTrigger.Http;

namespace FastTrigger.Values;

/// <summary>What `${...}` can see while an action works on an item.</summary>
internal readonly record struct ValueScope(Item Item, string RouteName, Func<string, string?> Variable, Clock Clock);
