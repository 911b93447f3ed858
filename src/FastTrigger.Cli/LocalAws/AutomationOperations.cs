using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>A started automation.</summary>
internal sealed record LocalAutomation(string Id, WorldDocument Document, JsonObject Request, DateTimeOffset Started);

/// <summary>The operations of Systems Manager Automation. An automation takes its document's time and ends with its status.</summary>
internal sealed class AutomationOperations(LocalWorld world)
{
    public JsonObject Start(JsonObject request)
    {
        var name = request.Required("DocumentName");
        var document = world.Documents.FirstOrDefault(known => known.Name == name && known.Script is null)
            ?? throw new AwsError(400, "AutomationDefinitionNotFoundException", $"{name} does not exist here");
        // Automation itself fills the parameter that takes the targets.
        var targetParameter = request.Text("TargetParameterName");
        var checkedDocument = document with { Parameters = [.. document.Parameters.Where(known => known != targetParameter)] };
        SendCommandCheck.CheckParameters(checkedDocument, request["Parameters"] as JsonObject ?? []);
        if (request.Text("Mode") == "Interactive")
        {
            throw AwsError.Validation("The local ssm does not support the Mode Interactive");
        }

        var started = world.Automations.GetOrAdd(
            request.Text("ClientToken") ?? Guid.NewGuid().ToString(),
            _ => new(Guid.NewGuid().ToString(), document, (JsonObject)request.DeepClone(), world.Now));
        return JsonNode.DeepEquals(started.Request, request)
            ? new() { ["AutomationExecutionId"] = started.Id }
            : throw new AwsError(400, "IdempotentParameterMismatch", "The client token was used with other parameters");
    }

    public JsonObject Get(JsonObject request)
    {
        var id = request.Required("AutomationExecutionId");
        var execution = world.Automations.Values.FirstOrDefault(automation => automation.Id == id)
            ?? throw new AwsError(400, "AutomationExecutionNotFoundException", "");
        var document = execution.Document;
        var status = world.Now < execution.Started.AddMilliseconds(document.Milliseconds) ? "InProgress" : document.Ends;
        var described = new JsonObject
        {
            ["AutomationExecutionId"] = execution.Id,
            ["DocumentName"] = document.Name,
            ["AutomationExecutionStatus"] = status,
        };
        if (status is not ("InProgress" or "Success"))
        {
            described["FailureMessage"] = "Step fails when it is executed";
        }

        return new() { ["AutomationExecution"] = described };
    }
}
