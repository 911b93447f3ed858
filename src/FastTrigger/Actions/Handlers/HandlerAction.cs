using FastTrigger.Values;

namespace FastTrigger.Actions.Handlers;

/// <summary>{"handler": {"name": "..."}}: calls the C# that was registered by that name.</summary>
internal sealed class HandlerAction(string name, RegisteredHandler handler) : RouteAction
{
    public override string Name => "handler";

    public static HandlerAction? Read(SettingReader settings, ActionScope scope)
    {
        if (settings.Require("name", "the name that FunctionHost.Handle was given") is not { } node
            || settings.String("name") is not { } name)
        {
            return null;
        }

        // A file that is only checked has no C# beside it.
        if (scope.Handlers is null)
        {
            return new(name, null!);
        }

        if (scope.Handlers.TryGetValue(name, out var handler))
        {
            return new(name, handler);
        }

        var known = scope.Handlers.Count == 0
            ? "none is; this bootstrap has no C# of yours in it"
            : string.Join(", ", scope.Handlers.Keys) + (scope.Handlers.Count == 1 ? " is" : " are");
        settings.Problems.Add(node, $"no handler is registered as '{name}': {known}");
        return null;
    }

    public override ActionResult Run(ActionContext context) =>
        context.DryRun ? ActionResult.Skipped($"dry run: would call the handler '{name}'") : handler.Run(context);
}
