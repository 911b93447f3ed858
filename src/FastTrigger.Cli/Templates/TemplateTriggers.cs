using System.Text.Json.Nodes;
using FastTrigger.Cli.Policy;
using FastTrigger.Routing;
using static FastTrigger.Cli.Templates.TemplateGenerator;

namespace FastTrigger.Cli.Templates;

/// <summary>What invokes the function: a rule for each route that takes events of EventBridge, a schedule for each that says one, queues; and beside each a queue for what could not be delivered.</summary>
/// <param name="resources">Where the resources beside the function go.</param>
internal sealed class TemplateTriggers(RouteTable table, JsonNode file, TemplateSettings settings, JsonObject resources)
{
    /// <summary>Characters, of a rule's pattern.</summary>
    private const int LongestPattern = 4096;

    /// <summary>Of an event source mapping.</summary>
    private const int MostFilters = 5;

    /// <summary>Tries of a message from a queue, over which its retries are spread.</summary>
    private const int MostReceives = 1_000;

    /// <summary>The function's own on-failure destination.</summary>
    private const string FailuresQueue = "DeadLetters";

    private const string EventTemplate = "{\"fasttrigger-route\": \"ROUTE\", \"event\": <aws.events.event.json>}";

    /// <summary>docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html</summary>
    private static readonly HashSet<string> s_fields = ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail", "$or"];

    private readonly List<string> _problems = [];
    private readonly List<string> _deadLetters = [FailuresQueue];
    private readonly List<string> _delays = [];

    /// <summary>The function's event sources, by logical id.</summary>
    public JsonObject Events { get; } = [];

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The queues that are alarmed about.</summary>
    public IReadOnlyList<string> DeadLetters => _deadLetters;

    /// <summary>The queues that only this template's own rules, schedules and function send to.</summary>
    public IEnumerable<string> OwnQueues => [.. _deadLetters, .. _delays];

    /// <summary>What whoever deploys must say: which stream.</summary>
    public JsonObject Parameters { get; } = [];

    /// <summary>What the function's role needs to take from streams.</summary>
    public List<PolicyStatement> Statements { get; } = [];

    public bool HasStreams { get; private set; }

    /// <summary>Whether whoever deploys must say the queue that routes take from.</summary>
    public bool AsksForQueue { get; private set; }

    private int HiddenSeconds => settings.TimeoutSeconds * 6;

    public void Generate()
    {
        var ids = new HashSet<string>();
        resources[FailuresQueue] = Letters("What the function failed on for good, with the reason: its on-failure destination.");
        for (var i = 0; i < table.Routes.Count; i++)
        {
            var id = LogicalId(table.Routes[i].Name);
            for (var number = 2; !ids.Add(id); number++)
            {
                id = $"{LogicalId(table.Routes[i].Name)}No{number}";
            }

            Add(table.Routes[i], file["routes"]![i]!, id);
        }

        AddTaken();
        AddStreams();
        foreach (var letters in _deadLetters)
        {
            Events["Playback" + letters] = Parse($$"""
                {
                  "#": "Playback: enable it when the reason has gone. What was done is not done again, and what fails three times more is parked.",
                  "Type": "SQS",
                  "Properties": {"Queue": {"Fn::GetAtt": ["{{letters}}", "Arn"]}, "Enabled": false, "BatchSize": 10, "FunctionResponseTypes": ["ReportBatchItemFailures"]}
                }
                """);
        }

        resources["ParkedLetters"] = Parse("""
            {
              "#": "What playback failed on, too: for a person to look at.",
              "Type": "AWS::SQS::Queue", "Properties": {"MessageRetentionPeriod": 1209600, "SqsManagedSseEnabled": true}
            }
            """);
        AddQueuePolicy();
    }

    private void Add(Route route, JsonNode source, string id)
    {
        if (route.Schedule is not null)
        {
            AddSchedule(route, source, id);
        }
        else if (TakesEventBridge(route, source["when"]!.AsObject()))
        {
            AddRule(route, source["when"]!, id);
        }
    }

    private static bool TakesEventBridge(Route route, JsonObject when) =>
        route.From.Count == 0 ? when.All(field => s_fields.Contains(field.Key.Split('.')[0])) : route.From.Contains("eventbridge");

    private void AddRule(Route route, JsonNode when, string id)
    {
        var length = Text(when).Length;
        if (length > LongestPattern)
        {
            _problems.Add($"route '{route.Name}': its pattern has {length} characters, and EventBridge takes {LongestPattern} at most; split the route");
        }

        var letters = AddLetters(id, $"What the rule of route {route.Name} could not deliver.");
        var transformer = new JsonObject { ["InputTemplate"] = EventTemplate.Replace("ROUTE", route.Name, StringComparison.Ordinal) };
        if (route.RetryForMs is { } retryFor)
        {
            AddDelay(route, when, id, letters, transformer, retryFor / 1000);
            return;
        }

        Events[id] = new JsonObject
        {
            [TemplateYaml.Comment] = $"The pattern is that of route {route.Name}, and the event comes to this route alone: one that two rules match acts once for each, and the failure of one repeats no other.",
            ["Type"] = "EventBridgeRule",
            ["Properties"] = new JsonObject
            {
                ["Pattern"] = when.DeepClone(),
                ["InputTransformer"] = transformer,
                ["RetryPolicy"] = DayOfRetries(),
                ["DeadLetterConfig"] = new JsonObject { ["Arn"] = Arn(letters) },
            },
        };
    }

    /// <summary>A queue between rule and function, in which an event comes again until its route gives up (C5.6).</summary>
    private void AddDelay(Route route, JsonNode when, string id, string letters, JsonObject transformer, int seconds)
    {
        var receives = Math.Min((seconds / HiddenSeconds) + 3, MostReceives);
        _delays.Add(id + "Queue");
        resources[id + "Queue"] = Parse($$"""
            {
              "#": "Route {{route.Name}} is tried again every {{HiddenSeconds}} seconds, for {{seconds}} seconds after its event: Lambda's own retries end after three minutes.",
              "Type": "AWS::SQS::Queue",
              "Properties": {
                "VisibilityTimeout": {{HiddenSeconds}}, "MessageRetentionPeriod": 345600, "SqsManagedSseEnabled": true,
                "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["{{letters}}", "Arn"]}, "maxReceiveCount": {{receives}}}
              }
            }
            """);
        resources[id + "Rule"] = new JsonObject
        {
            ["Type"] = "AWS::Events::Rule",
            ["Properties"] = new JsonObject
            {
                ["EventPattern"] = when.DeepClone(),
                ["Targets"] = new JsonArray(new JsonObject
                {
                    ["Id"] = "Queue",
                    ["Arn"] = Arn(id + "Queue"),
                    ["InputTransformer"] = transformer,
                    ["RetryPolicy"] = DayOfRetries(),
                    ["DeadLetterConfig"] = new JsonObject { ["Arn"] = Arn(letters) },
                }),
            },
        };
        AddMapping(id, Arn(id + "Queue"), $"The queue of route {route.Name}: only the messages that were not done come again.");
    }

    /// <summary>EventBridge's own default, said.</summary>
    private static JsonObject DayOfRetries() => Parse("""{"MaximumRetryAttempts": 185, "MaximumEventAgeInSeconds": 86400}""");

    private void AddSchedule(Route route, JsonNode source, string id)
    {
        var letters = AddLetters(id, $"What the schedule of route {route.Name} could not deliver.");
        var schedule = new JsonObject
        {
            ["ScheduleExpression"] = route.Schedule,
            ["FlexibleTimeWindow"] = Parse("""{"Mode": "OFF"}"""),
            ["Input"] = $$"""{"fasttrigger-route":"{{route.Name}}","schedule":"<aws.scheduler.schedule-arn>","time":"<aws.scheduler.scheduled-time>"}""",
            ["RetryPolicy"] = Parse("""{"MaximumRetryAttempts": 10, "MaximumEventAgeInSeconds": 3600}"""),
            ["DeadLetterConfig"] = new JsonObject { ["Arn"] = Arn(letters) },
        };
        if (source["timezone"] is { } timezone)
        {
            schedule["ScheduleExpressionTimezone"] = timezone.DeepClone();
        }

        Events[id] = new JsonObject { [TemplateYaml.Comment] = $"The schedule of route {route.Name}.", ["Type"] = "ScheduleV2", ["Properties"] = schedule };
    }

    /// <summary>Queues of one's own, when a route says that it takes from them: those that `trust` names, else one that is asked for.</summary>
    private void AddTaken()
    {
        if (!table.Routes.Any(route => route.From.Any(chain => chain == "sqs" || chain.StartsWith("sqs/", StringComparison.Ordinal))))
        {
            return;
        }

        var named = table.Trust.Where(arn => arn.Contains(":sqs:", StringComparison.Ordinal) && !arn.Contains('*')).ToList();
        AsksForQueue = named.Count == 0;
        List<JsonNode> queues = AsksForQueue ? [Ref("QueueArn")] : [.. named.Select(arn => (JsonNode)arn)];
        for (var i = 0; i < queues.Count; i++)
        {
            AddMapping(queues.Count == 1 ? "Taken" : $"Taken{i + 1}", queues[i], "A queue of others, whose messages routes take. Its own redrive policy says how often one comes again.");
        }
    }

    /// <summary>
    /// Streams of one's own. A record that is not done is tried five times more, in ever smaller batches, and for a day; then the batch, with its records, is kept in a bucket and the
    /// shard goes on.
    /// </summary>
    private void AddStreams()
    {
        foreach (var (name, kind, actions) in ((string, string, string[])[])[
            ("kinesis", "Kinesis", ["DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards", "SubscribeToShard"]),
            ("dynamodb", "DynamoDB", ["DescribeStream", "GetRecords", "GetShardIterator"])])
        {
            var routes = table.Routes.Where(route => route.From.Any(chain => chain.Split('/')[0] == name)).Select(route => route.Name).ToList();
            if (routes.Count == 0)
            {
                continue;
            }

            var parameter = LogicalId(name) + "StreamArn";
            HasStreams = true;
            Parameters[parameter] = new JsonObject { ["Type"] = "String", ["Description"] = $"The {name} stream whose records routes take" };
            var statement = new PolicyStatement(LogicalId(name) + "Stream", [.. actions.Select(action => $"{name}:{action}")], null, "the stream that the function takes from");
            statement.Resources.Add($"${{{parameter}}}");
            Statements.Add(statement);
            Events[kind] = Parse($$"""
                {
                  "#": "The stream of {{string.Join(", ", routes)}}: the answer names the first record that was not done, and Lambda goes on from there.",
                  "Type": "{{kind}}",
                  "Properties": {
                    "Stream": {"Ref": "{{parameter}}"}, "StartingPosition": "TRIM_HORIZON", "BatchSize": 100, "FunctionResponseTypes": ["ReportBatchItemFailures"],
                    "MaximumRetryAttempts": 5, "MaximumRecordAgeInSeconds": 86400, "BisectBatchOnFunctionError": true,
                    "DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": ["FailedBatches", "Arn"]} } }
                  }
                }
                """);
            AddFilter(kind, routes);
        }

        if (HasStreams)
        {
            resources["FailedBatches"] = PrivateBucket("Batches of streams that were given up, with their records: a stream keeps no dead letters.", days: 90);
            var batches = new PolicyStatement("FailedBatches", ["s3:PutObject", "s3:ListBucket"], null, "batches of streams that were given up");
            batches.Resources.UnionWith(["${FailedBatches.Arn}", "${FailedBatches.Arn}/*"]);
            Statements.Add(batches);
        }
    }

    /// <summary>Only where it is asked for, and only on streams: of a queue Lambda deletes what a filter leaves out.</summary>
    private void AddFilter(string kind, List<string> routes)
    {
        if (!settings.FilterStreams)
        {
            return;
        }

        if (routes.Count > MostFilters)
        {
            _problems.Add($"{routes.Count} routes take from a {kind} stream, and a mapping takes {MostFilters} filters at most: leave out --filter-streams");
        }

        Events[kind]!["Properties"]!["FilterCriteria"] = new JsonObject
        {
            ["Filters"] = new JsonArray([.. file["routes"]!.AsArray().Where(route => routes.Contains(route!["name"]!.GetValue<string>()) && route["when"] is not null).Select(route => (JsonNode)new JsonObject { ["Pattern"] = Text(route!["when"]!) })]),
        };
    }

    /// <summary>As it is written, without escapes that JSON does not ask for.</summary>
    private static string Text(JsonNode pattern) => pattern.ToJsonString(ReadableJson.OneLine);

    private void AddMapping(string id, JsonNode queue, string comment) => Events[id] = new JsonObject
    {
        [TemplateYaml.Comment] = comment,
        ["Type"] = "SQS",
        ["Properties"] = new JsonObject { ["Queue"] = queue, ["BatchSize"] = 10, ["FunctionResponseTypes"] = new JsonArray("ReportBatchItemFailures") },
    };

    private string AddLetters(string id, string comment)
    {
        var name = id + "DeadLetters";
        _deadLetters.Add(name);
        resources[name] = Letters(comment);
        return name;
    }

    private JsonObject Letters(string comment) => Parse($$"""
        {
          "#": {{JsonValue.Create(comment).ToJsonString()}},
          "Type": "AWS::SQS::Queue",
          "Properties": {
            "VisibilityTimeout": {{HiddenSeconds}}, "MessageRetentionPeriod": 1209600, "SqsManagedSseEnabled": true,
            "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["ParkedLetters", "Arn"]}, "maxReceiveCount": 3}
          }
        }
        """);

    private void AddQueuePolicy() => resources["QueuePolicy"] = new JsonObject
    {
        [TemplateYaml.Comment] = "Only this stack's own rules send to its queues; schedules and the function do so by their roles.",
        ["Type"] = "AWS::SQS::QueuePolicy",
        ["Properties"] = new JsonObject
        {
            ["Queues"] = new JsonArray([.. OwnQueues.Select(queue => (JsonNode)Ref(queue))]),
            ["PolicyDocument"] = Parse("""
                {
                  "Version": "2012-10-17",
                  "Statement": [{
                    "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "*",
                    "Condition": {"ArnLike": {"aws:SourceArn": {"Fn::Sub": "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/${AWS::StackName}-*"}}}
                  }]
                }
                """),
        },
    };
}
