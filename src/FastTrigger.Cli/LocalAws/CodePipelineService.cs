using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>PutJobSuccessResult and PutJobFailureResult. A job accepts one result.</summary>
internal sealed class CodePipelineService : LocalJsonService
{
    private readonly ConcurrentDictionary<string, bool> _ended = new();

    public CodePipelineService()
        : base("codepipeline", "CodePipeline_20150709.", "application/x-amz-json-1.1")
    {
        Add("PutJobSuccessResult", End);
        Add("PutJobFailureResult", End);
    }

    private JsonObject End(JsonObject request)
    {
        var job = request.Text("jobId")!;
        return _ended.TryAdd(job, true) ? [] : throw new AwsError(400, "InvalidJobStateException", $"Job {job} is in an invalid state");
    }
}
