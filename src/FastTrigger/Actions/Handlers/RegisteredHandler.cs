namespace FastTrigger.Actions.Handlers;

/// <summary>
/// C# that a `handler` action calls. Only <see cref="FunctionHost.Handle(string, Handler)"/> makes one: in a binary without handlers there
/// is no timer, token or thread pool.
/// </summary>
internal abstract class RegisteredHandler
{
    public abstract ActionResult Run(ActionContext context);
}
