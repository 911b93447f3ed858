using System.Text.Json;

namespace FastTrigger.Events;

/// <summary>
/// Whatever nobody else recognises: the JSON of a direct invocation by the SDKs, the CLI or Step Functions, or of a rule of AWS IoT. It is acted on once by the
/// request id, which Lambda's own retries keep.
/// </summary>
internal sealed class DirectSource : EventSource
{
    public const string Direct = "direct";

    public override string Name => Direct;

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items) => outer.Add(new(Direct, outer.Id, content), items);
}
