using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>PutEvaluations of AWS Config.</summary>
internal sealed class ConfigService : LocalJsonService
{
    public ConfigService()
        : base("config", "StarlingDoveService.", "application/x-amz-json-1.1") =>
        Add("PutEvaluations", PutEvaluations);

    private static JsonObject PutEvaluations(JsonObject request)
    {
        _ = request.Required("ResultToken");
        if (request.Objects("Evaluations").Exists(evaluation => evaluation.Text("ComplianceType") == "INSUFFICIENT_DATA"))
        {
            // It is in the model, for other operations.
            throw new AwsError(400, "InvalidParameterValueException", "PutEvaluations does not take INSUFFICIENT_DATA");
        }

        // AWS refuses an empty list, which the model allows.
        return request.Objects("Evaluations").Count > 0
            ? new() { ["FailedEvaluations"] = new JsonArray() }
            : throw AwsError.Validation("Evaluations has 1 to 100 members");
    }
}
