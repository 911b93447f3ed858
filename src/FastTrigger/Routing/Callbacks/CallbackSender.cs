using FastTrigger.Actions;
using FastTrigger.Events;

namespace FastTrigger.Routing.Callbacks;

/// <summary>Calls those who wait for how an item ended (C3.4). Once they know, the invocation has done its work, whatever became of the action.</summary>
internal static class CallbackSender
{
    /// <summary>How long before the end an action must leave off, so that whoever waits can still be called.</summary>
    public const int ReservedMs = 3_000;

    /// <summary>Null when it was delivered; else why not.</summary>
    /// <param name="reason">What was not done, and why; empty when all was.</param>
    public static string? Send(Item item, string reason, string? compliance, ActionContext context) => item.Callback switch
    {
        Callback.CodePipeline => CodePipelineCallback.Deliver(item, reason, context),
        Callback.Config => ConfigCallback.Deliver(item, reason, compliance, context),
        Callback.CloudFormation => CloudFormationCallback.Deliver(item, reason, context),
        _ => null,
    };

    public static string AtMost(string text, int length) => text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
