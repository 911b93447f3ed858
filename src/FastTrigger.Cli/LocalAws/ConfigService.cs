using System.Text.Json;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>PutEvaluations of AWS Config.</summary>
internal sealed class ConfigService : LocalJsonService
{
    public ConfigService()
        : base("config", "StarlingDoveService.", "application/x-amz-json-1.1") =>
        Add("PutEvaluations", PutEvaluations, "Evaluations", "ResultToken", "TestMode");

    private static JsonObject PutEvaluations(JsonObject request)
    {
        _ = request.Required("ResultToken");
        if (request["Evaluations"] is not JsonArray { Count: > 0 and <= 100 } evaluations)
        {
            throw AwsError.Validation("Evaluations has 1 to 100 members");
        }

        if (!evaluations.All(evaluation => IsValid((JsonObject)evaluation!)))
        {
            throw AwsError.Validation(
                "an evaluation has a resource, a compliance type, a time in seconds, and at most 256 characters of annotation");
        }

        return new() { ["FailedEvaluations"] = new JsonArray() };
    }

    private static bool IsValid(JsonObject evaluation) =>
        evaluation.Required("ComplianceType") is "COMPLIANT" or "NON_COMPLIANT" or "NOT_APPLICABLE" or "INSUFFICIENT_DATA"
        && evaluation.Required("ComplianceResourceType").Length <= 256
        && evaluation.Required("ComplianceResourceId").Length <= 768
        && evaluation["OrderingTimestamp"]?.GetValueKind() == JsonValueKind.Number
        && evaluation.Text("Annotation") is null or { Length: >= 1 and <= 256 };
}
