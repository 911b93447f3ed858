using FastTrigger.Events;
using FastTrigger.Runtime;

namespace FastTrigger.Tests.Support;

/// <summary>Invocations and items from event text.</summary>
internal static class Items
{
    public static Invocation Invocation(string payload, int seconds = 30, string id = "request-1") => new()
    {
        RequestId = id,
        DeadlineMs = DateTimeOffset.UtcNow.AddSeconds(seconds).ToUnixTimeMilliseconds(),
        FunctionArn = TestEnvironment.Arn,
        Payload = Encoding.UTF8.GetBytes(payload),
    };

    /// <summary>The first item of an event. No queue, topic or stream is trusted.</summary>
    public static Item Read(string payload)
    {
        var content = JsonDocument.Parse(payload).RootElement;
        return EventSources.Open(content, Invocation(payload).RequestId, static _ => false).Items[0];
    }

    public static string Demo(string name) => File.ReadAllText(TestEnvironment.Demo(name));
}
