using FastTrigger.Events;
using FastTrigger.Runtime;

namespace FastTrigger.Tests.Support;

/// <summary>Events as they come in.</summary>
internal static class Items
{
    public static Invocation Invocation(string payload, int seconds = 30, string id = "request-1") => new()
    {
        RequestId = id,
        DeadlineMs = DateTimeOffset.UtcNow.AddSeconds(seconds).ToUnixTimeMilliseconds(),
        FunctionArn = TestEnvironment.Arn,
        Payload = Encoding.UTF8.GetBytes(payload),
    };

    public static Item Read(string payload) => EventSources.Open(JsonDocument.Parse(payload).RootElement, Invocation(payload), static _ => false).Items[0];

    public static string Demo(string name) => File.ReadAllText(TestEnvironment.Demo(name));
}
