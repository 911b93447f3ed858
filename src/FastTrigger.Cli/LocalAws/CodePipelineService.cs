using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>PutJobSuccessResult and PutJobFailureResult. A job accepts one result.</summary>
internal sealed class CodePipelineService : LocalJsonService
{
    private const int MaxMessageLength = 5_000;

    private readonly ConcurrentDictionary<string, bool> _ended = new();

    public CodePipelineService()
        : base("codepipeline", "CodePipeline_20150709.", "application/x-amz-json-1.1")
    {
        Add(
            "PutJobSuccessResult",
            request => End(request.Required("jobId")),
            "jobId",
            "currentRevision",
            "continuationToken",
            "executionDetails",
            "outputVariables");
        Add("PutJobFailureResult", PutJobFailureResult, "jobId", "failureDetails");
    }

    private JsonObject PutJobFailureResult(JsonObject request)
    {
        if (request["failureDetails"] is not JsonObject details
            || !IsFailureType(details.Text("type"))
            || details.Required("message").Length > MaxMessageLength)
        {
            throw AwsError.Validation("failureDetails needs a type and a message of at most 5000 characters");
        }

        return End(request.Required("jobId"));
    }

    private static bool IsFailureType(string? type) =>
        type is "JobFailed" or "ConfigurationError" or "PermissionError"
            or "RevisionOutOfSync" or "RevisionUnavailable" or "SystemUnavailable";

    private JsonObject End(string job) =>
        _ended.TryAdd(job, true) ? [] : throw new AwsError(400, "InvalidJobStateException", $"Job {job} is in an invalid state");
}
