using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Aws.Config;

/// <summary>The result of a rule of AWS Config (docs.aws.amazon.com/config/latest/APIReference/API_Evaluation.html).</summary>
/// <param name="OrderingTimeMs">Milliseconds since 1970.</param>
internal readonly record struct Evaluation(
    string ResourceType,
    string ResourceId,
    string Compliance,
    string Annotation,
    long OrderingTimeMs);

/// <summary>
/// The one operation of AWS Config that is used (docs.aws.amazon.com/config/latest/APIReference/API_PutEvaluations.html).
/// </summary>
internal sealed class ConfigClient(AwsCaller aws, string region)
    : JsonServiceClient(aws, region, null, "StarlingDoveService.", AwsProtocol.Json11)
{
    /// <summary>How many characters an annotation takes.</summary>
    public const int LongestAnnotation = 256;

    public static class Operations
    {
        public static readonly AwsOperation PutEvaluations =
            new("config", nameof(PutEvaluations), WholeAnswer.Optional("FailedEvaluations"), Changes: true);
    }

    public AwsFailure? PutEvaluations(Evaluation evaluation, string resultToken, Deadline deadline)
    {
        var seconds = $"{evaluation.OrderingTimeMs / 1000}.{evaluation.OrderingTimeMs % 1000:D3}";
        Write(writer =>
        {
            writer.Name("Evaluations").BeginArray().BeginObject()
                .Member("ComplianceResourceType", evaluation.ResourceType)
                .Member("ComplianceResourceId", evaluation.ResourceId)
                .Member("ComplianceType", evaluation.Compliance);
            WriteIfNotNull(writer, "Annotation", evaluation.Annotation.Length > 0 ? evaluation.Annotation : null);
            writer.Name("OrderingTimestamp").Raw(seconds).EndObject().EndArray().Member("ResultToken", resultToken);
        });
        if (Call(Operations.PutEvaluations, deadline, out var answer) is { } failure)
        {
            return failure;
        }

        return answer.Get("FailedEvaluations"u8) is { ValueKind: JsonValueKind.Array } failed && failed.GetArrayLength() > 0
            ? new(AwsFailureKind.Refused, "FailedEvaluations", "AWS Config did not take the evaluation", Sent: true)
            : null;
    }
}
