using FastTrigger.Actions;
using FastTrigger.Telemetry;

namespace FastTrigger;

/// <summary>What a handler may ask about the invocation it works for.</summary>
public sealed class HandlerContext
{
    private readonly ActionContext _action;

    internal HandlerContext(ActionContext action) => _action = action;

    /// <summary>Lambda's id of this invocation; the same again when Lambda retries an asynchronous one.</summary>
    public string RequestId => _action.Invocation.RequestId;

    /// <summary>The ARN the function was invoked by, with the alias or version if one was named.</summary>
    public string FunctionArn => _action.Invocation.FunctionArn ?? "";

    /// <summary>The X-Ray trace header; null when there is none.</summary>
    public string? TraceId => _action.Invocation.TraceId;

    /// <summary>
    /// The client context of an invocation by the mobile SDKs or by Invoke's ClientContext, as JSON; null when there is none.
    /// </summary>
    public string? ClientContext => _action.Invocation.ClientContext;

    /// <summary>The Cognito identity that invoked the function, as JSON; null when there is none.</summary>
    public string? CognitoIdentity => _action.Invocation.CognitoIdentity;

    /// <summary>The tenant that the invocation is for, when the function isolates tenants; else null.</summary>
    public string? TenantId => _action.Invocation.TenantId;

    /// <summary>The name of the route that led here.</summary>
    public string RouteName => _action.RouteName;

    /// <summary>
    /// The time that is left until the handler must have ended; the invocation fails as Function.DeadlineExceeded when it has not.
    /// </summary>
    public TimeSpan RemainingTime => TimeSpan.FromMilliseconds(_action.Deadline.RemainingMs);

    /// <summary>Writes one log record at level INFO, in the function's format and with its request id.</summary>
    /// <param name="message">One record, whatever characters it has.</param>
    public void Log(string message) => _action.Log.Write(LogLevel.Info, RequestId, message, ("route", RouteName));
}

/// <summary>Does one item's work in C#.</summary>
/// <param name="item">The item; its JSON is valid until the returned task has ended.</param>
/// <param name="context">The invocation.</param>
/// <param name="token">Cancelled when the time for this invocation runs out.</param>
/// <returns>How it ended. An exception counts as <see cref="ActionResult.Failed(string)"/> with its message.</returns>
public delegate ValueTask<ActionResult> Handler(Item item, HandlerContext context, CancellationToken token);

/// <summary>Does one item's work in C#, with the event as a type of its own.</summary>
/// <typeparam name="TEvent">The event's type, which a source-generated JsonSerializerContext knows.</typeparam>
/// <param name="message">The event.</param>
/// <param name="context">The invocation.</param>
/// <param name="token">Cancelled when the time for this invocation runs out.</param>
/// <returns>How it ended. An exception counts as <see cref="ActionResult.Failed(string)"/> with its message.</returns>
public delegate ValueTask<ActionResult> Handler<in TEvent>(TEvent message, HandlerContext context, CancellationToken token);
