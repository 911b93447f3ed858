using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Actions.Tagging;

/// <summary>What a CloudTrail record says was created.</summary>
internal static class CreatedResources
{
    /// <summary>The ids in the order of the event, each once; null with how the action ends when there is nothing to tag.</summary>
    public static List<string>? Read(JsonElement root, out ActionResult end)
    {
        var detail = root.Get("detail"u8);
        var name = detail.Text("eventName"u8);
        if (detail.Text("errorCode"u8) is { } error)
        {
            end = ActionResult.Skipped($"the call did not create anything: {error}");
            return null;
        }

        if (name is null || CreatingCalls.Find(name) is not { } paths)
        {
            end = ActionResult.Failed($"tag knows what {CreatingCalls.All.Count} calls of EC2 create; {(name is null ? "this event is no CloudTrail record" : $"{(name.Length <= 64 ? name : name[..64])} is none of them")}");
            return null;
        }

        var response = detail.Get("responseElements"u8);
        if (response.IsMissing() || response.Get("omitted"u8).ValueKind == JsonValueKind.True)
        {
            // CloudTrail leaves out what makes a record too large, so nothing said is not nothing created.
            end = ActionResult.Failed("detail.responseElements does not say what was created");
            return null;
        }

        // The newer calls are written with their response's own name around it.
        var wrapped = response.TryGetProperty(name + "Response", out var inner) ? inner : response;
        var ids = new List<string>();
        foreach (var path in paths)
        {
            Find(wrapped, path, ids);
        }

        end = ids.Count == 0 ? ActionResult.Failed($"detail.responseElements names nothing at {string.Join(" or ", paths)}") : default;
        return ids.Count == 0 ? null : ids;
    }

    private static void Find(JsonElement at, ReadOnlySpan<char> path, List<string> ids)
    {
        if (path.IsEmpty)
        {
            if (at.Text() is { } id && !ids.Contains(id))
            {
                ids.Add(id);
            }

            return;
        }

        var dot = path.IndexOf('.');
        var step = dot < 0 ? path : path[..dot];
        var rest = dot < 0 ? default : path[(dot + 1)..];
        if (!step.EndsWith("[]"))
        {
            Find(Get(at, step), rest, ids);
            return;
        }

        var list = Get(at, step[..^2]);
        list = list.Get("items"u8) is { ValueKind: not JsonValueKind.Undefined } items ? items : list.Get("item"u8) is { ValueKind: not JsonValueKind.Undefined } item ? item : list;
        if (list.ValueKind != JsonValueKind.Array)
        {
            Find(list, rest, ids);
            return;
        }

        foreach (var entry in list.EnumerateArray())
        {
            Find(entry, rest, ids);
        }
    }

    private static JsonElement Get(JsonElement at, ReadOnlySpan<char> name) =>
        at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out var value) ? value : default;
}
