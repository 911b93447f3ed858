using System.Text.Json;
using FastTrigger.Runtime;

namespace FastTrigger.Events;

/// <summary>Whatever nobody else recognises: the JSON of a direct invocation. Lambda's own retries keep the request id.</summary>
internal sealed class DirectSource : EventSource
{
    public const string Direct = "direct";

    public override string Name => Direct;

    public override Item Read(JsonElement root, Invocation invocation) => new(Name, invocation.RequestId, root);
}
