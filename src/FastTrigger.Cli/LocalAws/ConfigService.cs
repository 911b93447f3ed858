using System.Text.Json;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>PutEvaluations of AWS Config.</summary>
internal sealed class ConfigService : LocalJsonService
{
    public ConfigService()
        : base("config", "StarlingDoveService.", "application/x-amz-json-1.1") => Add("PutEvaluations", PutEvaluations, "Evaluations", "ResultToken", "TestMode");

    private JsonObject PutEvaluations(JsonObject request)
    {
        _ = Required(request, "ResultToken");
        if (request["Evaluations"] is not JsonArray { Count: > 0 and <= 100 } evaluations)
        {
            throw Invalid("Evaluations has 1 to 100 members");
        }

        foreach (var evaluation in evaluations.Cast<JsonObject>())
        {
            if (Required(evaluation, "ComplianceType") is not ("COMPLIANT" or "NON_COMPLIANT" or "NOT_APPLICABLE" or "INSUFFICIENT_DATA") || Required(evaluation, "ComplianceResourceType").Length > 256 || Required(evaluation, "ComplianceResourceId").Length > 768
                || evaluation["OrderingTimestamp"]?.GetValueKind() != JsonValueKind.Number || Text(evaluation, "Annotation") is { Length: 0 or > 256 })
            {
                throw Invalid("an evaluation has a resource, a compliance type, a time in seconds, and at most 256 characters of annotation");
            }
        }

        return new() { ["FailedEvaluations"] = new JsonArray() };
    }
}
