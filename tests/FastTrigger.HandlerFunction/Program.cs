using System.Text.Json;
using System.Text.Json.Serialization;
using FastTrigger;

return new FunctionHost()
    .Handle("raw", (item, context, token) =>
    {
        context.Log($"tank {item.Event.GetProperty("tank")}\nas one record");
        return ValueTask.FromResult(ActionResult.Done($"item {item.Id} from {item.Source} in {context.RouteName}"));
    })
    .Handle("typed", FunctionJson.Default.TankEvent, async (tank, context, token) =>
    {
        // The task is pending when it is returned, so the loop must wait for it.
        await Task.Delay(1, token);
        return tank.Level > 100
            ? ActionResult.Failed($"tank {tank.Name} reports a level of {tank.Level}")
            : ActionResult.Done($"tank {tank.Name} at {tank.Level}");
    })
    .Handle("throws", (item, context, token) => throw new InvalidOperationException("the pump is missing"))
    .Handle("obeys", async (item, context, token) =>
    {
        await Task.Delay(Timeout.Infinite, token);
        return ActionResult.Done("never");
    })
    .Handle("blocks", (item, context, token) =>
    {
        Thread.Sleep(Timeout.Infinite);
        return ValueTask.FromResult(ActionResult.Done("never"));
    })
    .Handle("keeps", (item, context, token) =>
    {
        var kept = new List<byte[]>();
        for (var i = item.Event.GetProperty("mebibytes").GetInt32(); i > 0; i--)
        {
            kept.Add(new byte[1024 * 1024]);
        }

        GC.KeepAlive(kept);
        return ValueTask.FromResult(ActionResult.Done($"{kept.Count} MiB at a time"));
    })
    .Handle("hoards", (item, context, token) =>
    {
        // To the last byte, and for good: what a collection frees is filled, too.
        for (var round = 0; round < 4; round++)
        {
            for (var size = 1024 * 1024; size > 0; size /= 2)
            {
                try
                {
                    for (; ; )
                    {
                        Hoard.Kept = new(new byte[size], Hoard.Kept);
                    }
                }
                catch (OutOfMemoryException) when (size > 1 || round < 3)
                {
                }
            }

            GC.Collect();
        }

        return ValueTask.FromResult(ActionResult.Done("never"));
    })
    .Handle("computes", (item, context, token) => ValueTask.FromResult(ActionResult.Done("computed") with
    {
        Answer = JsonSerializer.Serialize(new() { ["computed"] = Computing.Show() }, FunctionJson.Default.DictionaryStringString),
    }))
    .Handle("fetches", async (item, context, token) =>
    {
        using var client = new HttpClient();
        return ActionResult.Done("fetched " + await client.GetStringAsync(item.Event.GetProperty("url").GetString(), token));
    })
    .Handle("fails", (item, context, token) => ValueTask.FromResult(ActionResult.Failed(item.Event.GetProperty("text").GetString()!)))
    .Handle("answers", (item, context, token) => ValueTask.FromResult(ActionResult.Done("answered") with
    {
        Answer = '"' + new string('x', item.Event.GetProperty("bytes").GetInt32() - 2) + '"',
    }))
    .Handle("trace", (item, context, token) =>
    {
        context.Log($"trace {context.TraceId}");
        var variable = Environment.GetEnvironmentVariable("_X_AMZN_TRACE_ID") ?? "unset";
        return ValueTask.FromResult(ActionResult.Done($"{context.TraceId ?? "none"}|{variable}"));
    })
    .Run();

internal sealed record Hoard(byte[] Bytes, Hoard? Next)
{
    public static Hoard? Kept { get; set; }
}

internal sealed record TankEvent(string Name, double Level);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TankEvent))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class FunctionJson : JsonSerializerContext;
