using System.Text.Json.Nodes;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates.Triggers;

/// <summary>A rule of EventBridge for each route, with the route's pattern and a dead-letter queue.</summary>
internal sealed class RuleTrigger : SourceTrigger
{
    /// <summary>The maximum number of characters of a rule's pattern.</summary>
    private const int MaxPatternLength = 4096;

    private const string EventTemplate = "{\"fasttrigger-route\": \"ROUTE\", \"event\": <aws.events.event.json>}";

    /// <summary>The fields of an EventBridge event (docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html).</summary>
    public static IReadOnlySet<string> EventFields { get; } = new HashSet<string>
    {
        "version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail", "$or",
    };

    public override TriggerKind Kind => TriggerKind.Rule;

    /// <summary>A route without `from` gets a rule when its pattern has only fields of EventBridge events.</summary>
    public override bool IsNeededBy(TemplateRoute route, string source) =>
        route.When is { } when
        && (route.Route.From.Count == 0
            ? when.All(field => EventFields.Contains(field.Key.Split('.')[0]))
            : route.Takes(source));

    public override void Add(string source, IReadOnlyList<TemplateRoute> routes, TemplateParts parts)
    {
        foreach (var route in routes)
        {
            AddRule(route, route.When!, parts);
        }
    }

    private static void AddRule(TemplateRoute route, JsonObject when, TemplateParts parts)
    {
        var length = when.ToJsonString(ReadableJson.OneLine).Length;
        if (length > MaxPatternLength)
        {
            var message = $"its pattern has {length} characters, and EventBridge takes {MaxPatternLength} at most; split the route";
            parts.Problems.Add(new(route.Name, "when", message));
        }

        var letters = parts.Queues.AddDeadLetters(route.Id, $"The events that the rule of route {route.Name} could not deliver.");
        if (route.Route.RetryForMs is { } retryFor)
        {
            AddDelayedRule(route, when, letters, retryFor / 1000, parts);
            return;
        }

        var properties = new JsonObject { ["Pattern"] = when.DeepClone() };
        AddDelivery(properties, route, letters);
        parts.Events[route.Id] = new JsonObject
        {
            [TemplateYaml.Comment] = $"The pattern is that of route {route.Name}, and only this route gets the event. "
                + "An event that matches two rules acts once for each, and the failure of one rule does not repeat the other.",
            ["Type"] = "EventBridgeRule",
            ["Properties"] = properties,
        };
    }

    /// <summary>Adds a rule that sends to a queue, from which an event is retried for that many seconds.</summary>
    private static void AddDelayedRule(TemplateRoute route, JsonObject when, string letters, int seconds, TemplateParts parts)
    {
        var queue = parts.Queues.AddDelay(route.Id, route.Name, letters, seconds);
        var target = new JsonObject { ["Id"] = "Queue", ["Arn"] = Arn(queue) };
        AddDelivery(target, route, letters);
        parts.Resources[route.Id + "Rule"] = new JsonObject
        {
            ["Type"] = "AWS::Events::Rule",
            ["Properties"] = new JsonObject { ["EventPattern"] = when.DeepClone(), ["Targets"] = new JsonArray(target) },
        };
        parts.Queues.AddMapping(route.Id, Arn(queue), $"The queue of route {route.Name}: only failed messages are retried.");
    }

    /// <summary>Adds how a rule delivers an event: the input for one route, retries and the dead-letter queue.</summary>
    private static void AddDelivery(JsonObject target, TemplateRoute route, string letters)
    {
        target["InputTransformer"] = new JsonObject
        {
            ["InputTemplate"] = EventTemplate.Replace("ROUTE", route.Name, StringComparison.Ordinal),
        };
        // The default of EventBridge: retries for a day.
        target["RetryPolicy"] = Parse("""{"MaximumRetryAttempts": 185, "MaximumEventAgeInSeconds": 86400}""");
        target["DeadLetterConfig"] = new JsonObject { ["Arn"] = Arn(letters) };
    }
}
