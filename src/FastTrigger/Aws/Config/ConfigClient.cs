using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Aws.Config;

/// <summary>What a rule of AWS Config found (docs.aws.amazon.com/config/latest/APIReference/API_Evaluation.html).</summary>
/// <param name="OrderingTimeMs">Milliseconds since 1970.</param>
internal readonly record struct Evaluation(string ResourceType, string ResourceId, string Compliance, string Annotation, long OrderingTimeMs);

/// <summary>The one operation of AWS Config that is used (docs.aws.amazon.com/config/latest/APIReference/API_PutEvaluations.html).</summary>
internal sealed class ConfigClient(AwsClient client, string region) : JsonServiceClient(client, region, null, "config", "StarlingDoveService.", AwsProtocol.Json11)
{
    /// <summary>Characters that an annotation takes.</summary>
    public const int LongestAnnotation = 256;

    public AwsFailure? PutEvaluations(Evaluation evaluation, string resultToken, Deadline deadline)
    {
        Write(writer =>
        {
            writer.Name("Evaluations").BeginArray().BeginObject().Member("ComplianceResourceType", evaluation.ResourceType).Member("ComplianceResourceId", evaluation.ResourceId).Member("ComplianceType", evaluation.Compliance);
            WriteGiven(writer, "Annotation", evaluation.Annotation.Length > 0 ? evaluation.Annotation : null);
            writer.Name("OrderingTimestamp").Raw($"{evaluation.OrderingTimeMs / 1000}.{evaluation.OrderingTimeMs % 1000:D3}").EndObject().EndArray().Member("ResultToken", resultToken);
        });
        if (Call("PutEvaluations", idempotent: true, deadline, out var answer) is { } failure)
        {
            return failure;
        }

        return answer.Get("FailedEvaluations"u8) is { ValueKind: JsonValueKind.Array } failed && failed.GetArrayLength() > 0
            ? new(AwsFailureKind.Refused, "FailedEvaluations", "AWS Config did not take the evaluation", Sent: true)
            : null;
    }
}
