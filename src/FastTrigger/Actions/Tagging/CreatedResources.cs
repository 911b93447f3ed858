using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Actions.Tagging;

/// <summary>The resources that a CloudTrail record reports as created.</summary>
internal static class CreatedResources
{
    private const int MaxShownLength = 64;

    /// <summary>The ids in the order of the event, each once; null with the result of the action when there is nothing to tag.</summary>
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
            end = Unknown(name);
            return null;
        }

        var response = detail.Get("responseElements"u8);
        if (response.IsMissing() || response.Get("omitted"u8).ValueKind == JsonValueKind.True)
        {
            // CloudTrail omits what makes a record too large, so no id in it does not mean that nothing was created.
            end = ActionResult.Failed("detail.responseElements does not say what was created");
            return null;
        }

        // The newer API calls have an object with the name of their response around it.
        var wrapped = Get(response, name + "Response") is { ValueKind: not JsonValueKind.Undefined } inner ? inner : response;
        var found = new FoundIds();
        foreach (var path in paths)
        {
            Find(wrapped, path, found);
        }

        var ids = found.Ids;
        end = ids.Count == 0 ? ActionResult.Failed($"detail.responseElements names nothing at {string.Join(" or ", paths)}") : default;
        return ids.Count == 0 ? null : ids;
    }

    private static ActionResult Unknown(string? name)
    {
        var why = name is null ? "this event is no CloudTrail record"
            : $"{(name.Length <= MaxShownLength ? name : name[..MaxShownLength])} is none of them";
        return ActionResult.Failed($"tag knows what {CreatingCalls.All.Count} calls of EC2 create; {why}");
    }

    private static void Find(JsonElement at, ReadOnlySpan<char> path, FoundIds found)
    {
        if (path.IsEmpty)
        {
            if (at.Text() is { } id)
            {
                found.Add(id);
            }

            return;
        }

        var dot = path.IndexOf('.');
        var step = dot < 0 ? path : path[..dot];
        var rest = dot < 0 ? default : path[(dot + 1)..];
        if (!step.EndsWith("[]"))
        {
            Find(Get(at, step), rest, found);
            return;
        }

        var list = ItemsOf(Get(at, step[..^2]));
        if (list.ValueKind != JsonValueKind.Array)
        {
            Find(list, rest, found);
            return;
        }

        foreach (var entry in list.EnumerateArray())
        {
            Find(entry, rest, found);
        }
    }

    /// <summary>CloudTrail writes a list as {"items": [...]}, {"item": ...} or an array.</summary>
    private static JsonElement ItemsOf(JsonElement list) =>
        list.Get("items"u8) is { ValueKind: not JsonValueKind.Undefined } items ? items
        : list.Get("item"u8) is { ValueKind: not JsonValueKind.Undefined } item ? item
        : list;

    private static JsonElement Get(JsonElement at, ReadOnlySpan<char> name) =>
        at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out var value) ? value : default;

    /// <summary>Ids in the order in which they were found, each once.</summary>
    private sealed class FoundIds
    {
        private readonly HashSet<string> _known = [];

        public List<string> Ids { get; } = [];

        public void Add(string id)
        {
            if (_known.Add(id))
            {
                Ids.Add(id);
            }
        }
    }
}
