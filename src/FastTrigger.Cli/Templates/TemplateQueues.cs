using System.Text.Json.Nodes;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates;

/// <summary>The template's own queues: dead-letter queues with their playback, and the queues of routes with retryFor.</summary>
/// <param name="events">The event sources of the function.</param>
internal sealed class TemplateQueues(TemplateSettings settings, JsonObject events, JsonObject resources)
{
    /// <summary>The maximum of maxReceiveCount, which limits how often a message is retried.</summary>
    private const int MaxReceives = 1_000;

    /// <summary>The queue of the function's own on-failure destination.</summary>
    private const string FailureQueue = "DeadLetters";

    private readonly List<string> _deadLetters = [];
    private readonly List<string> _delays = [];

    /// <summary>The dead-letter queues, each of which gets an alarm.</summary>
    public IReadOnlyList<string> DeadLetters => _deadLetters;

    /// <summary>The queues that only this template's own rules, schedules and function send to.</summary>
    public IEnumerable<string> OwnQueues => [.. _deadLetters, .. _delays];

    /// <summary>The visibility timeout: six times the function's, as Lambda recommends.</summary>
    private int VisibilitySeconds => settings.TimeoutSeconds * 6;

    public void AddFailureQueue() =>
        AddQueue(FailureQueue, "The on-failure destination of the function: events that failed after all retries, with the reason.");

    /// <summary>Adds the dead-letter queue of a rule or schedule, and returns its logical id.</summary>
    public string AddDeadLetters(string id, string comment)
    {
        var name = id + "DeadLetters";
        AddQueue(name, comment);
        return name;
    }

    /// <summary>Adds a queue from which an event is retried until its route gives up (C5.6), and returns its logical id.</summary>
    /// <param name="deadLetters">The dead-letter queue of the route.</param>
    /// <param name="seconds">The route's retryFor.</param>
    public string AddDelay(string id, string route, string deadLetters, int seconds)
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
                  "deadLetterTargetArn": {"Fn::GetAtt": ["{{deadLetters}}", "Arn"]},
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

    /// <summary>Adds a disabled mapping for each dead-letter queue, and the queue for messages that fail in playback.</summary>
    public void AddPlayback()
    {
        foreach (var letters in _deadLetters)
        {
            events["Playback" + letters] = Parse($$"""
                {
                  "#": "Playback: enable it when the cause is fixed. Completed work is not repeated. Three failures park a message.",
                  "Type": "SQS",
                  "Properties": {
                    "Queue": {"Fn::GetAtt": ["{{letters}}", "Arn"]},
                    "Enabled": false,
                    "BatchSize": 10,
                    "FunctionResponseTypes": ["ReportBatchItemFailures"]
                  }
                }
                """);
        }

        resources["ParkedLetters"] = Parse("""
            {
              "#": "The messages that failed in playback, for a person to examine.",
              "Type": "AWS::SQS::Queue",
              "Properties": {"MessageRetentionPeriod": 1209600, "SqsManagedSseEnabled": true}
            }
            """);
        AddQueuePolicy();
    }

    private void AddQueue(string name, string comment)
    {
        _deadLetters.Add(name);
        resources[name] = Parse($$"""
            {
              "#": {{Literal(comment)}},
              "Type": "AWS::SQS::Queue",
              "Properties": {
                "VisibilityTimeout": {{VisibilitySeconds}},
                "MessageRetentionPeriod": 1209600,
                "SqsManagedSseEnabled": true,
                "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["ParkedLetters", "Arn"]}, "maxReceiveCount": 3}
              }
            }
            """);
    }

    private void AddQueuePolicy() => resources["QueuePolicy"] = new JsonObject
    {
        [TemplateYaml.Comment] = "Only rules of this stack send to its queues. Schedules and the function send by their roles.",
        ["Type"] = "AWS::SQS::QueuePolicy",
        ["Properties"] = new JsonObject
        {
            ["Queues"] = new JsonArray([.. OwnQueues.Select(queue => (JsonNode)Ref(queue))]),
            ["PolicyDocument"] = Parse("""
                {
                  "Version": "2012-10-17",
                  "Statement": [{
                    "Effect": "Allow",
                    "Principal": {"Service": "events.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": "*",
                    "Condition": {"ArnLike": {"aws:SourceArn": {
                      "Fn::Sub": "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/${AWS::StackName}-*"
                    }}}
                  }]
                }
                """),
        },
    };
}
