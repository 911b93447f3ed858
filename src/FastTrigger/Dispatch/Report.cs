using FastTrigger.Core;

namespace FastTrigger.Dispatch;

/// <summary>
/// The answer to a caller that takes any: {"items", "routes": [{"route", "item", "actions": [...]}]}. An event source mapping reads nothing
/// of it, and Lambda refuses answers over 6 MB, so a batch's is empty and any other ends where it becomes long.
/// </summary>
internal static class Report
{
    private const int MaxBytes = 1024 * 1024;

    public static void Write(ByteBuffer buffer, DeliveryWork work)
    {
        var json = new JsonBuilder(buffer).BeginObject();
        if (work.Delivery.IsBatch)
        {
            json.EndObject();
            return;
        }

        json.Member("items", work.Items.Length).Name("routes").BeginArray();
        var omitted = 0;
        foreach (var item in work.Items)
        {
            foreach (var route in item.Routes)
            {
                if (buffer.Length > MaxBytes)
                {
                    omitted++;
                    continue;
                }

                Write(json, item.Item, route);
            }
        }

        json.EndArray();
        if (omitted > 0)
        {
            json.Member("omitted", omitted);
        }

        json.EndObject();
    }

    private static void Write(JsonBuilder json, Item item, RouteResult route)
    {
        json.BeginObject().Member("route", route.Route.Name).Member("item", item.Id);
        if (!item.HasLastingId)
        {
            // Another delivery of the same event would look like another event.
            json.Name("idLasts").Boolean(false);
        }

        json.Name("actions").BeginArray();
        foreach (var (action, result) in route.Actions)
        {
            json.BeginObject().Member("action", action).Member("outcome", result.OutcomeName).Member("detail", result.Detail);
            if (result.CommandId is not null)
            {
                json.Member("commandId", result.CommandId);
            }

            if (result.WasDoneBefore)
            {
                json.Name("doneBefore").Boolean(true);
            }

            Write(json, result.Instances ?? []);
            json.EndObject();
        }

        json.EndArray().EndObject();
    }

    private static void Write(JsonBuilder json, IReadOnlyList<InstanceResult> instances)
    {
        if (instances.Count == 0)
        {
            return;
        }

        json.Name("instances").BeginArray();
        foreach (var instance in instances)
        {
            json.BeginObject().Member("instanceId", instance.InstanceId).Member("status", instance.Status);
            if (instance.ExitCode is { } code)
            {
                json.Member("exitCode", code);
            }

            json.Member("output", instance.Output).EndObject();
        }

        json.EndArray();
    }
}
