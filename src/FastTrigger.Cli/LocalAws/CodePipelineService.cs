using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>PutJobSuccessResult and PutJobFailureResult: a job ends once.</summary>
internal sealed class CodePipelineService : LocalJsonService
{
    private readonly ConcurrentDictionary<string, bool> _ended = new();

    public CodePipelineService()
        : base("codepipeline", "CodePipeline_20150709.", "application/x-amz-json-1.1")
    {
        Add("PutJobSuccessResult", request => End(Required(request, "jobId")), "jobId", "currentRevision", "continuationToken", "executionDetails", "outputVariables");
        Add("PutJobFailureResult", PutJobFailureResult, "jobId", "failureDetails");
    }

    private JsonObject PutJobFailureResult(JsonObject request)
    {
        if (request["failureDetails"] is not JsonObject details || Text(details, "type") is not ("JobFailed" or "ConfigurationError" or "PermissionError" or "RevisionOutOfSync" or "RevisionUnavailable" or "SystemUnavailable") || Required(details, "message").Length > 5_000)
        {
            throw Invalid("failureDetails needs a type and a message of at most 5000 characters");
        }

        return End(Required(request, "jobId"));
    }

    private JsonObject End(string job) => _ended.TryAdd(job, true) ? [] : throw new AwsError(400, "InvalidJobStateException", $"Job {job} is in an invalid state");
}
