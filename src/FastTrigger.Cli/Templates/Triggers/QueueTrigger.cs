using System.Text.Json.Nodes;
using FastTrigger.Cli.Policy;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates.Triggers;

/// <summary>
/// The mappings of queues outside this stack: those of `trust`, for which every function has permissions, else the queue of a parameter.
/// </summary>
internal sealed class QueueTrigger : SourceTrigger
{
    private const string QueueParameter = "QueueArn";

    public override TriggerKind Kind => TriggerKind.Mapping;

    public override void Add(string source, IReadOnlyList<TemplateRoute> routes, TemplateParts parts)
    {
        var trusted = parts.Table.Trust
            .Where(arn => arn.Contains(":sqs:", StringComparison.Ordinal) && !arn.Contains('*'))
            .Select(arn => (JsonNode)arn)
            .ToList();
        if (trusted.Count == 0)
        {
            parts.AddParameter(QueueParameter, "The queue whose messages routes take");
            parts.AddStatement(
                "Queue",
                PlatformStatements.QueueActions,
                $"${{{QueueParameter}}}",
                "the queue that the function takes from");
            trusted.Add(Ref(QueueParameter));
        }

        // docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
        var pollers = parts.AddPollers("Queue", minimum: 0, maximum: 2);
        parts.Conditions["HasQueuePollers"] = Parse("""{"Fn::Not": [{"Fn::Equals": [{"Ref": "QueueMinimumPollers"}, "0"]}]}""");
        for (var i = 0; i < trusted.Count; i++)
        {
            var id = trusted.Count == 1 ? "Taken" : $"Taken{i + 1}";
            parts.Queues.AddMapping(
                id,
                trusted[i],
                "A queue outside this stack, whose messages routes take. Its own redrive policy limits the retries.");
            parts.Events[id]!["Properties"]!["ProvisionedPollerConfig"] = If("HasQueuePollers", pollers.DeepClone());
        }
    }
}
