using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates.Triggers;

/// <summary>A rule of EventBridge for each route, with the route's pattern. All share one permission to invoke the function.</summary>
internal sealed class RuleTrigger : SourceTrigger
{
    /// <summary>
    /// The maximum number of characters of a rule's pattern, with the quota `Event pattern size` raised to it
    /// (docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html).
    /// </summary>
    private const int MaxPatternLength = 4096;

    /// <summary>That quota before it is raised.</summary>
    private const int DefaultPatternLength = 2048;

    /// <summary>A rule's name has 64 characters; half of them are for the stack's.</summary>
    private const int MaxIdLength = 32, HashLength = 8;

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

    /// <summary>What has to be asked of AWS before the rule can be made; null when it is nothing.</summary>
    public static string? QuotaWarning(JsonObject when) => LengthOf(when) is > DefaultPatternLength and <= MaxPatternLength and var length
        ? $"its pattern has {length} characters, and EventBridge takes {DefaultPatternLength}: have the quota \"Event pattern size\" of "
            + $"Amazon EventBridge raised in Service Quotas, to {MaxPatternLength} at most, or split the route"
        : null;

    private static int LengthOf(JsonObject when) => when.ToJsonString(ReadableJson.OneLine).Length;

    private static void AddRule(TemplateRoute route, JsonObject when, TemplateParts parts)
    {
        if (WildcardComplexity.FieldTooComplex(when) is { } field)
        {
            var message = $"EventBridge refuses the rule as too complex, because of the wildcards of '{field}': use fewer wildcards, fewer "
                + "repetitions after one, or prefix and suffix; or split the route";
            parts.Problems.Add(new(route.Name, "when", message));
        }

        var length = LengthOf(when);
        if (length > MaxPatternLength)
        {
            var message = $"its pattern has {length} characters, and EventBridge takes {MaxPatternLength} at most; split the route";
            parts.Problems.Add(new(route.Name, "when", message));
        }

        if (route.Bus is { } bus && !parts.Buses.Contains(bus))
        {
            parts.Buses.Add(bus);
        }

        var target = route.Route.RetryForMs is { } retryFor ? AddQueue(route, retryFor / 1000, parts) : AddPermission(route.Bus, parts);
        target["InputTransformer"] = new JsonObject
        {
            ["InputTemplate"] = EventTemplate.Replace("ROUTE", route.Name, StringComparison.Ordinal),
        };
        // The default of EventBridge: retries for a day.
        target["RetryPolicy"] = Parse("""{"MaximumRetryAttempts": 185, "MaximumEventAgeInSeconds": 86400}""");
        target["DeadLetterConfig"] = new JsonObject { ["Arn"] = Arn(TemplateQueues.DeadLetters) };
        parts.Resources[route.Id + "Rule"] = new JsonObject
        {
            [TemplateYaml.Comment] = $"The pattern is that of route {route.Name}, and only this route gets the event. "
                + "An event that matches two rules acts once for each, and the failure of one rule does not repeat the other.",
            ["Type"] = "AWS::Events::Rule",
            ["Properties"] = new JsonObject
            {
                ["Name"] = Sub($"${{AWS::StackName}}-{ShortId(route.Id)}"),
                ["EventPattern"] = when.DeepClone(),
                ["Targets"] = new JsonArray(target),
            },
        };
        if (route.Bus is not null)
        {
            parts.Resources[route.Id + "Rule"]!["Properties"]!["EventBusName"] = route.Bus;
        }
    }

    /// <summary>Adds a queue from which an event is retried for that many seconds, and returns it as a target.</summary>
    private static JsonObject AddQueue(TemplateRoute route, int seconds, TemplateParts parts)
    {
        var queue = parts.Queues.AddDelay(route.Id, route.Name, seconds);
        parts.Queues.AddMapping(route.Id, Arn(queue), $"The queue of route {route.Name}: only failed messages are retried.");
        return new() { ["Id"] = "Queue", ["Arn"] = Arn(queue) };
    }

    /// <summary>
    /// Adds the permission of all rules of the stack to invoke the function, and returns the function as a target. The policy of a function
    /// has 20 KB at most, which a permission for each rule fills with some fifty rules. Lambda compares SourceArn by StringLike
    /// (docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html).
    /// </summary>
    /// <param name="bus">Null for the default one.</param>
    private static JsonObject AddPermission(string? bus, TemplateParts parts)
    {
        var id = bus is null ? "RulesPermission" : $"RulesPermissionOfBus{parts.Buses.IndexOf(bus) + 1}";
        parts.Resources[id] = new JsonObject
        {
            [TemplateYaml.Comment] = "Only rules of this stack invoke the function: their names begin with the stack's.",
            ["Type"] = "AWS::Lambda::Permission",
            ["Properties"] = new JsonObject
            {
                ["Action"] = "lambda:InvokeFunction",
                ["FunctionName"] = Ref("Function.Alias"),
                ["Principal"] = "events.amazonaws.com",
                ["SourceArn"] = TemplateQueues.OwnRules(bus),
            },
        };
        return new() { ["Id"] = "Function", ["Arn"] = Ref("Function.Alias") };
    }

    /// <summary>The rule's part of its name. What is too long ends with a hash of all of it.</summary>
    private static string ShortId(string id) => id.Length <= MaxIdLength
        ? id
        : id[..(MaxIdLength - HashLength)] + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..HashLength];
}
