using FastTrigger.Core;

namespace FastTrigger.Aws.CodePipeline;

/// <summary>How a job of AWS CodePipeline ends (docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutJobSuccessResult.html, API_PutJobFailureResult.html).</summary>
internal sealed class CodePipelineClient(AwsClient client, string region) : JsonServiceClient(client, region, null, "codepipeline", "CodePipeline_20150709.", AwsProtocol.Json11)
{
    /// <summary>Characters that failureDetails.message takes.</summary>
    public const int LongestMessage = 5_000;

    public AwsFailure? PutJobSuccessResult(string job, Deadline deadline)
    {
        Write(writer => writer.Member("jobId", job));
        return Call("PutJobSuccessResult", idempotent: true, deadline, out _);
    }

    /// <param name="execution">What finds it in the log.</param>
    public AwsFailure? PutJobFailureResult(string job, string message, string execution, Deadline deadline)
    {
        Write(writer => writer.Member("jobId", job).Name("failureDetails").BeginObject().Member("type", "JobFailed").Member("message", message).Member("externalExecutionId", execution).EndObject());
        return Call("PutJobFailureResult", idempotent: true, deadline, out _);
    }
}
