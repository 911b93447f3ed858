using System.Text.Json.Nodes;
using FastTrigger.Cli.Policy;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates.Triggers;

/// <summary>
/// The mapping of a Kinesis or DynamoDB stream. A failed record is retried five times within a day, in ever smaller batches. Then the batch
/// goes to a bucket, and the shard continues.
/// </summary>
/// <param name="type">The type of SAM's event source, and its logical id.</param>
/// <param name="operations">The operations that the mapping calls.</param>
/// <param name="filter">What makes filters of patterns.</param>
internal sealed class StreamTrigger(string type, string[] operations, MappingFilter filter) : SourceTrigger
{
    /// <summary>The maximum number of filters of an event source mapping, and of the characters of one.</summary>
    private const int MaxFilters = 5, MaxFilterLength = 4096;

    private const string Bucket = "FailedBatches";

    public override TriggerKind Kind => TriggerKind.Mapping;

    public override void Add(string source, IReadOnlyList<TemplateRoute> routes, TemplateParts parts)
    {
        var parameter = LogicalId(source) + "StreamArn";
        parts.HasIteratorAge = true;
        parts.AddParameter(parameter, $"The {source} stream whose records routes take");
        parts.AddStatement(
            LogicalId(source) + "Stream",
            [.. operations.Select(operation => $"{source}:{operation}")],
            $"${{{parameter}}}",
            "the stream that the function takes from");
        var names = string.Join(", ", routes.Select(route => route.Name));
        parts.Events[type] = Parse($$"""
            {
              "#": "The stream of {{names}}: Lambda continues from the first failed record in the response.",
              "Type": "{{type}}",
              "Properties": {
                "Stream": {"Ref": "{{parameter}}"},
                "StartingPosition": "TRIM_HORIZON",
                "BatchSize": 100,
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
                "MaximumRetryAttempts": 5,
                "MaximumRecordAgeInSeconds": 86400,
                "BisectBatchOnFunctionError": true,
                "DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": ["{{Bucket}}", "Arn"]} } }
              }
            }
            """);
        if (parts.Settings.FilterStreams)
        {
            AddFilter(routes, parts);
        }

        AddBucket(parts);
    }

    /// <summary>Adds the patterns of the routes as filters. Queues get none: Lambda deletes the messages that a filter excludes.</summary>
    private void AddFilter(IReadOnlyList<TemplateRoute> routes, TemplateParts parts)
    {
        var filters = new JsonArray();
        foreach (var route in routes)
        {
            foreach (var pattern in filter.Of(route, parts.Problems).Select(made => made.ToJsonString(ReadableJson.OneLine)))
            {
                if (filters.Count == MaxFilters || pattern.Length > MaxFilterLength)
                {
                    var message = filters.Count == MaxFilters
                        ? $"the routes that take from a {type} stream make more than {MaxFilters} filters, which a mapping does not take"
                        : $"its filter has {pattern.Length} characters, and a mapping takes {MaxFilterLength} at most";
                    parts.Problems.Add(new(route.Name, "from", message + ": leave out --filter-streams"));
                    return;
                }

                filters.Add((JsonNode)new JsonObject { ["Pattern"] = pattern });
            }
        }

        parts.Events[type]!["Properties"]!["FilterCriteria"] = new JsonObject { ["Filters"] = filters };
    }

    /// <summary>Adds the bucket that all streams share.</summary>
    private static void AddBucket(TemplateParts parts)
    {
        if (parts.Resources.ContainsKey(Bucket))
        {
            return;
        }

        parts.Resources[Bucket] = PrivateBucket(
            "The stream batches that failed after all retries, with their records, because streams have no dead-letter queue.",
            days: 90);
        var batches = new PolicyStatement(Bucket, ["s3:PutObject", "s3:ListBucket"], null, "batches of streams that were given up");
        batches.Resources.UnionWith([$"${{{Bucket}.Arn}}", $"${{{Bucket}.Arn}}/*"]);
        parts.Statements.Add(batches);
    }
}
