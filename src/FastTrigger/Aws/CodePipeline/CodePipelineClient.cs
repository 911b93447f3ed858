using FastTrigger.Core;

namespace FastTrigger.Aws.CodePipeline;

/// <summary>
/// Reports the outcome of a job of AWS CodePipeline
/// (docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutJobSuccessResult.html, API_PutJobFailureResult.html).
/// </summary>
internal sealed class CodePipelineClient(AwsCaller aws, string region)
    : JsonServiceClient(aws, region, null, "CodePipeline_20150709.", AwsProtocol.Json11)
{
    /// <summary>How many characters failureDetails.message takes.</summary>
    public const int LongestMessage = 5_000;

    public static class Operations
    {
        public static readonly AwsOperation PutJobSuccessResult =
            new("codepipeline", nameof(PutJobSuccessResult), WholeAnswer.Nothing, Changes: true);

        public static readonly AwsOperation PutJobFailureResult =
            new("codepipeline", nameof(PutJobFailureResult), WholeAnswer.Nothing, Changes: true);
    }

    public AwsFailure? PutJobSuccessResult(string job, Deadline deadline)
    {
        Write(writer => writer.Member("jobId", job));
        return Call(Operations.PutJobSuccessResult, deadline, out _);
    }

    /// <param name="execution">The id by which people find the execution in the log.</param>
    public AwsFailure? PutJobFailureResult(string job, string message, string execution, Deadline deadline)
    {
        Write(writer => writer.Member("jobId", job)
            .Name("failureDetails").BeginObject()
            .Member("type", "JobFailed")
            .Member("message", message)
            .Member("externalExecutionId", execution)
            .EndObject());
        return Call(Operations.PutJobFailureResult, deadline, out _);
    }
}
