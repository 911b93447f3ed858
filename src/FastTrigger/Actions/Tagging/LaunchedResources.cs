using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Actions.Tagging;

/// <summary>What a CloudTrail record says was created.</summary>
internal static class LaunchedResources
{
    /// <summary>The ids in the order of the event, each once; null with how the action ends when there is nothing to tag.</summary>
    public static List<string>? Read(JsonElement root, out ActionResult end)
    {
        var detail = root.Get("detail"u8);
        var name = detail.Text("eventName"u8);
        if (detail.Text("errorCode"u8) is { } error)
        {
            end = ActionResult.Skipped($"the call did not launch anything: {error}");
            return null;
        }

        if (name != "RunInstances")
        {
            end = ActionResult.Failed($"tag knows what RunInstances launches; this event is {name ?? "no CloudTrail record"}");
            return null;
        }

        var response = detail.Get("responseElements"u8);
        var instances = response.Get("instancesSet"u8, "items"u8);
        if (response.IsMissing() || response.Get("omitted"u8).ValueKind == JsonValueKind.True || instances.ValueKind != JsonValueKind.Array)
        {
            // CloudTrail leaves out what makes a record too large, so nothing said is not nothing launched.
            end = ActionResult.Failed("detail.responseElements does not say what was launched");
            return null;
        }

        var ids = new List<string>();
        foreach (var instance in instances.EnumerateArray())
        {
            Add(ids, instance.Text("instanceId"u8));
            var interfaces = instance.Get("networkInterfaceSet"u8, "items"u8);
            if (interfaces.ValueKind == JsonValueKind.Array)
            {
                foreach (var networkInterface in interfaces.EnumerateArray())
                {
                    Add(ids, networkInterface.Text("networkInterfaceId"u8));
                }
            }
        }

        end = ids.Count == 0 ? ActionResult.Failed("detail.responseElements.instancesSet names no instance") : default;
        return ids.Count == 0 ? null : ids;
    }

    private static void Add(List<string> ids, string? id)
    {
        if (id is not null && !ids.Contains(id))
        {
            ids.Add(id);
        }
    }
}
