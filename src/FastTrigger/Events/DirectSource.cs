namespace FastTrigger.Events;

/// <summary>Whatever nobody else recognises: the JSON of a direct invocation, acted on once by the request id, which Lambda's own retries keep.</summary>
internal static class DirectSource
{
    public const string Direct = "direct";
}
