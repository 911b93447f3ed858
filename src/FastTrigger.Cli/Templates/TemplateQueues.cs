using System.Text.Json.Nodes;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates;

/// <summary>The template's own queues: the dead-letter queue with its playback, and the queues of routes with retryFor.</summary>
/// <param name="events">The event sources of the function.</param>
internal sealed class TemplateQueues(TemplateSettings settings, JsonObject events, JsonObject resources)
{
    /// <summary>The maximum of maxReceiveCount, which limits how often a message is retried; and that of a queue's name.</summary>
    private const int MaxReceives = 1_000, MaxQueueName = 80;

    /// <summary>
    /// The queue of all events that failed for good. One for each route would take most of the resources that a stack may have, and of the
    /// 4 KB that the function's variables may have: they name the trusted queues.
    /// </summary>
    public const string DeadLetters = nameof(DeadLetters);

    private readonly List<string> _delays = [];

    /// <summary>The queues that only this template's own rules, schedules and function send to.</summary>
    public IEnumerable<string> OwnQueues => [DeadLetters, .. _delays];

    /// <summary>The visibility timeout: six times the function's, as Lambda recommends.</summary>
    private int VisibilitySeconds => settings.TimeoutSeconds * 6;

    /// <summary>Adds the queue of events that failed for good.</summary>
    public void AddDeadLetters() => resources[DeadLetters] = Parse($$"""
        {
          "#": "Events that failed after all retries, with the reason, and those that a rule or schedule could not deliver.",
          "Type": "AWS::SQS::Queue",
          "DeletionPolicy": "RetainExceptOnCreate",
          "UpdateReplacePolicy": "Retain",
          "Properties": {
            "VisibilityTimeout": {{VisibilitySeconds}},
            "MessageRetentionPeriod": 1209600,
            "SqsManagedSseEnabled": true,
            "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["ParkedLetters", "Arn"]}, "maxReceiveCount": 3}
          }
        }
        """);

    /// <summary>Adds a queue from which an event is retried until its route gives up (C5.6), and returns its logical id.</summary>
    /// <param name="seconds">The route's retryFor.</param>
    public string AddDelay(string id, string route, int seconds)
    {
        var name = id + "Queue";
        var receives = Math.Min((seconds / VisibilitySeconds) + 3, MaxReceives);
        _delays.Add(name);
        var comment = $"Route {route} is retried every {VisibilitySeconds} seconds, until {seconds} seconds after its event. "
            + "Lambda's own retries end after three minutes.";
        resources[name] = Parse($$"""
            {
              "#": {{Literal(comment)}},
              "Type": "AWS::SQS::Queue",
              "Properties": {
                "VisibilityTimeout": {{VisibilitySeconds}},
                "MessageRetentionPeriod": 345600,
                "SqsManagedSseEnabled": true,
                "RedrivePolicy": {
                  "deadLetterTargetArn": {"Fn::GetAtt": ["{{DeadLetters}}", "Arn"]},
                  "maxReceiveCount": {{receives}}
                }
              }
            }
            """);
        return name;
    }

    /// <summary>Adds an event source mapping for a queue.</summary>
    public void AddMapping(string id, JsonNode queue, string comment) => events[id] = new JsonObject
    {
        [TemplateYaml.Comment] = comment,
        ["Type"] = "SQS",
        ["Properties"] = new JsonObject
        {
            ["Queue"] = queue,
            ["BatchSize"] = 10,
            ["FunctionResponseTypes"] = new JsonArray("ReportBatchItemFailures"),
        },
    };

    /// <summary>
    /// The least length of a queue's ARN. CloudFormation makes the name of the stack's, the logical id and twelve characters, at most
    /// eighty in all.
    /// </summary>
    public static int ArnLength(string queue) =>
        "arn:aws:sqs:us-east-1:123456789012:".Length + Math.Min(MaxQueueName, "s-".Length + queue.Length + "-1A2B3C4D5E6F".Length);

    /// <summary>The ARNs of the stack's rules, whose names begin with the stack's name.</summary>
    /// <param name="bus">Null for the default one.</param>
    public static JsonObject OwnRules(string? bus)
    {
        var path = bus is null ? "" : bus + "/";
        return Sub($"arn:${{AWS::Partition}}:events:${{AWS::Region}}:${{AWS::AccountId}}:rule/{path}${{AWS::StackName}}-*");
    }

    /// <summary>Adds a disabled mapping for the dead-letter queue, and the queue for messages that fail in playback.</summary>
    /// <param name="buses">Those whose rules send to the queues, besides the default one.</param>
    public void AddPlayback(IEnumerable<string> buses)
    {
        events["PlaybackDeadLetters"] = Parse("""
            {
              "#": "Playback: enable it when the cause is fixed. Completed work is not repeated. Three failures park a message.",
              "Type": "SQS",
              "Properties": {
                "Queue": {"Fn::GetAtt": ["DeadLetters", "Arn"]},
                "Enabled": false,
                "BatchSize": 10,
                "FunctionResponseTypes": ["ReportBatchItemFailures"]
              }
            }
            """);
        resources["ParkedLetters"] = Parse("""
            {
              "#": "The messages that failed in playback, for a person to examine.",
              "Type": "AWS::SQS::Queue",
              "DeletionPolicy": "RetainExceptOnCreate",
              "UpdateReplacePolicy": "Retain",
              "Properties": {"MessageRetentionPeriod": 1209600, "SqsManagedSseEnabled": true}
            }
            """);
        AddQueuePolicy(buses);
    }

    private void AddQueuePolicy(IEnumerable<string> buses)
    {
        var rules = new JsonArray([OwnRules(bus: null), .. buses.Select(OwnRules)]);
        resources["QueuePolicy"] = new JsonObject
        {
            [TemplateYaml.Comment] = "Only rules of this stack send to its queues. Schedules and the function send by their roles.",
            ["Type"] = "AWS::SQS::QueuePolicy",
            ["Properties"] = new JsonObject
            {
                ["Queues"] = new JsonArray([.. OwnQueues.Select(queue => (JsonNode)Ref(queue))]),
                ["PolicyDocument"] = Parse($$"""
                    {
                      "Version": "2012-10-17",
                      "Statement": [{
                        "Effect": "Allow",
                        "Principal": {"Service": "events.amazonaws.com"},
                        "Action": "sqs:SendMessage",
                        "Resource": "*",
                        "Condition": {"ArnLike": {"aws:SourceArn": {{rules.ToJsonString()}} } }
                      }]
                    }
                    """),
            },
        };
    }
}
