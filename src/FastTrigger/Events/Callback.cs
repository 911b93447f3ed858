using System.Text.Json;

namespace FastTrigger.Events;

/// <summary>A service that ignores the answer of an invocation and waits to be called (C3.4).</summary>
internal enum CallbackKind
{
    CodePipeline,
    Config,
    CloudFormation,

    /// <summary>A lifecycle hook of an Auto Scaling group, which is called only by routes that say `lifecycle`.</summary>
    Lifecycle,
}

/// <summary>Who waits for the outcome of one item.</summary>
/// <param name="Request">Where the item says how its caller is reached.</param>
internal sealed record Callback(CallbackKind Kind, JsonElement Request)
{
    /// <summary>Whether the caller waits for one answer and gives no second chance, so that a retry happens now or never.</summary>
    public bool IsFinal => Kind is CallbackKind.CodePipeline or CallbackKind.CloudFormation;
}
