using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// The operations of Run Command, Automation and Parameter Store that the function uses, with Systems Manager's documented limits. Commands
/// really run, each instance in its own folder. Any other operation and any unknown member is an error.
/// </summary>
internal sealed class SsmService : LocalJsonService
{
    private readonly LocalWorld _world;

    public SsmService(LocalWorld world)
        : base("ssm", "AmazonSSM.", "application/x-amz-json-1.1")
    {
        _world = world;
        var commands = new RunCommandOperations(world);
        Add("SendCommand", commands.Send, SendCommandCheck.Members);
        Add("CancelCommand", commands.Cancel, "CommandId", "InstanceIds");
        Add("ListCommands", commands.List, "CommandId", "InstanceId", "Filters", "MaxResults", "NextToken");
        Add(
            "ListCommandInvocations",
            commands.ListInvocations,
            "CommandId",
            "InstanceId",
            "Details",
            "Filters",
            "MaxResults",
            "NextToken");
        Add("GetCommandInvocation", commands.GetInvocation, "CommandId", "InstanceId", "PluginName");
        Add(
            "DescribeInstanceInformation",
            DescribeInstanceInformation,
            "Filters",
            "InstanceInformationFilterList",
            "MaxResults",
            "NextToken");
        Add("GetParameter", GetParameter, "Name", "WithDecryption");
        var automations = new AutomationOperations(world);
        Add("StartAutomationExecution", automations.Start, AutomationOperations.StartMembers);
        Add("GetAutomationExecution", automations.Get, "AutomationExecutionId");
    }

    private JsonObject DescribeInstanceInformation(JsonObject request)
    {
        var ids = (request["Filters"] as JsonArray)?.Select(filter => ReadFilter((JsonObject)filter!)).FirstOrDefault();
        if (ids is { Count: 0 or > 100 } || request["MaxResults"]?.GetValue<int>() is < 5 or > 50)
        {
            throw AwsError.Validation("a filter has 1 to 100 values, MaxResults is 5 to 50");
        }

        // Systems Manager does not list an agent that never connected.
        var agents = _world.Instances.Values
            .Where(instance => (ids is null || ids.Contains(instance.Id)) && instance.State == "running")
            .OrderBy(instance => instance.Id, StringComparer.Ordinal)
            .Select(instance => new JsonObject
            {
                ["InstanceId"] = instance.Id,
                ["PingStatus"] = instance.AgentOnline(_world.Now) ? "Online" : "ConnectionLost",
                ["PlatformType"] = "Linux",
            });
        return request.Page("InstanceInformationList", [.. agents], Math.Min(50, _world.PageSize));
    }

    private static List<string> ReadFilter(JsonObject filter) =>
        filter.Text("Key") == "InstanceIds"
            ? filter.List("Values")
            : throw new AwsError(400, "InvalidInstanceInformationFilterValue", filter.ToJsonString());

    private JsonObject GetParameter(JsonObject request)
    {
        var name = request.Required("Name");
        if (!_world.Parameters.TryGetValue(name, out var value))
        {
            throw new AwsError(400, "ParameterNotFound", "");
        }

        var decrypt = request["WithDecryption"]?.GetValue<bool>() == true;
        return new()
        {
            ["Parameter"] = new JsonObject
            {
                ["Name"] = name,
                ["Type"] = "SecureString",
                ["Value"] = decrypt ? value : "AQICAHi-encrypted",
                ["Version"] = 1,
            },
        };
    }
}
