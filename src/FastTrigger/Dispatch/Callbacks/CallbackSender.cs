using System.Text.Json;
using FastTrigger.Actions;
using FastTrigger.Events;

namespace FastTrigger.Dispatch.Callbacks;

/// <summary>What a callback contains.</summary>
/// <param name="Request">Where the item says how its caller is reached.</param>
/// <param name="Given">JSON that a C# handler gave for it; null when none did.</param>
/// <param name="Reason">What was not done, and why; empty when all was.</param>
/// <param name="Compliance">What a route says of a resource that it takes; null for what the service takes for granted.</param>
internal readonly record struct CallbackNotice(JsonElement Request, ItemOutcome Outcome, string? Given, string Reason, string? Compliance)
{
    public bool IsDone => Outcome is ItemOutcome.Done or ItemOutcome.Accepted;
}

/// <summary>Calls a service that waits for the outcome of an item. A new one is a file and a line here.</summary>
internal abstract class CallbackSender
{
    /// <summary>How long before the deadline an action must stop, so that there is time for the callback.</summary>
    public const int ReservedMs = 3_000;

    private static readonly CallbackSender[] s_all =
        [new CodePipelineCallback(), new ConfigCallback(), new CloudFormationCallback(), new LifecycleCallback()];

    public abstract CallbackKind Kind { get; }

    /// <summary>The calls of AWS that <see cref="Deliver"/> makes; none where the caller is no service of AWS's API.</summary>
    public virtual IReadOnlyList<ActionCall> Calls => [];

    public static CallbackSender Of(CallbackKind kind) => Array.Find(s_all, sender => sender.Kind == kind)!;

    /// <summary>Null when it was delivered; else why not.</summary>
    public abstract string? Deliver(in CallbackNotice notice, ActionContext context);

    protected static string Truncate(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
