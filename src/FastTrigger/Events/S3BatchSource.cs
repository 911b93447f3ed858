using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Tasks of a job of S3 Batch Operations (docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-invoke-lambda.html), one item each.
/// Patterns see the task with its key decoded, beside `job`. Every task is answered; one that no route takes has failed.
/// </summary>
internal sealed class S3BatchSource : EventSource
{
    public override string Name => "s3batch";

    public override BatchForm Form => BatchForm.Answered;

    public override string IdText => "the job's id and the task's";

    public override IReadOnlyList<EventSample> Samples =>
    [
        new("s3batch", "A task of S3 Batch Operations"),
        new("s3batch-2.0", "A task of S3 Batch Operations, invocation schema 2.0"),
    ];

    public override string AnswerText => "`results`: Succeeded, TemporaryFailure or PermanentFailure";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        var tasks = content.Get("tasks"u8);
        if (!outer.IsTop || !content.Get("invocationId"u8).IsText() || !content.Get("invocationSchemaVersion"u8).IsText()
            || content.Get("job"u8).Text("id"u8) is not { } job || tasks.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (var task in tasks.EnumerateArray())
        {
            if (!task.Get("taskId"u8).IsText() || !task.Get("s3Key"u8).IsText())
            {
                return false;
            }
        }

        foreach (var task in tasks.EnumerateArray())
        {
            var text = new ByteBuffer(256);
            var json = new JsonBuilder(text).BeginObject().Name("job").Raw(content.Get("job"u8));
            foreach (var member in task.EnumerateObject())
            {
                json.Name(member.Name);
                _ = member.NameEquals("s3Key"u8) ? json.Text(QueryText.Decode(member.Value.GetString()!)) : json.Raw(member.Value);
            }

            json.EndObject();
            var id = task.Text("taskId"u8)!;
            items.Add(new(outer with { RecordId = id }, Name, ItemId.Lasting(job, id), Content.Made(text.Detach(), task)));
        }

        return true;
    }

    public override bool Answer(ByteBuffer answer, JsonElement root, IReadOnlyList<ItemAnswer> items, string requestId)
    {
        var json = new JsonBuilder(answer).BeginObject()
            .Member("invocationSchemaVersion", root.Text("invocationSchemaVersion"u8)!).Member("treatMissingKeysAs", "PermanentFailure")
            .Member("invocationId", root.Text("invocationId"u8)!).Name("results").BeginArray();
        foreach (var item in items)
        {
            var code = item.IsDone ? "Succeeded" : item.MayPass ? "TemporaryFailure" : "PermanentFailure";
            json.BeginObject().Member("taskId", item.Item.RecordId!).Member("resultCode", code)
                .Member("resultString", item.Given ?? $"{item.Name} (request {requestId})").EndObject();
        }

        json.EndArray().EndObject();
        return true;
    }
}
