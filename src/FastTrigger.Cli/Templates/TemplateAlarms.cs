using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FastTrigger.Actions.CheckWebsite;
using FastTrigger.Routing;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates;

/// <summary>The alarms of the function and its queues, and the topic that they notify.</summary>
internal sealed partial class TemplateAlarms(TemplateParts parts)
{
    private const int MaxIteratorAgeMs = 60_000;

    public void Generate()
    {
        parts.Resources["AlarmTopic"] = Parse("""{"Type": "AWS::SNS::Topic"}""");
        parts.Resources["AlarmSubscription"] = Parse("""
            {
              "Type": "AWS::SNS::Subscription",
              "Condition": "HasEmail",
              "Properties": {"TopicArn": {"Ref": "AlarmTopic"}, "Protocol": "email", "Endpoint": {"Ref": "AlarmEmail"}}
            }
            """);
        AddFunctionAlarm("ErrorsAlarm", "An invocation failed: an action was not done.", "Errors", "Sum", 1);
        AddFunctionAlarm("ThrottlesAlarm", "Lambda throttled the function: events are late.", "Throttles", "Sum", 1);
        AddDurationAlarm();
        if (parts.HasIteratorAge)
        {
            AddFunctionAlarm(
                "IteratorAgeAlarm",
                "The function is a minute behind its stream: a record fails repeatedly, or there are too many records.",
                "IteratorAge",
                "Maximum",
                MaxIteratorAgeMs);
        }

        AddQueueAlarm(TemplateQueues.DeadLetters);
        AddQueueAlarm("ParkedLetters");
        foreach (var route in parts.Routes.Where(ChecksWebsite))
        {
            AddWebsiteAlarm(route);
        }
    }

    /// <summary>Whether a route checks a website. Its failed checks are values of a metric, which an alarm of its own watches.</summary>
    public static bool ChecksWebsite(TemplateRoute route) => route.Route.Actions.Any(static action => action is CheckWebsiteAction);

    /// <summary>
    /// It goes off when two of the last three checks failed, or one where checks are rare or their times are not known. With periods of up
    /// to a day, three are within what an alarm looks back: a day, and a week with periods of an hour or more
    /// (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html).
    /// </summary>
    private void AddWebsiteAlarm(TemplateRoute route)
    {
        const int Day = 24 * 3_600, MostPeriods = 3, Unknown = 300;
        var between = SecondsBetween(route.Route.Schedule ?? "") is { } rate and <= Day ? rate : (long?)null;
        var seconds = between ?? Unknown;
        var periods = between is null ? 1 : MostPeriods;
        var often = periods == 1 ? "a check of a website failed" : "two of the last three checks of a website failed";
        parts.Resources[route.Id + "WebsiteAlarm"] = Parse($$"""
            {
              "#": "No deployment is rolled back by it, because the site is another system.",
              "Type": "AWS::CloudWatch::Alarm",
              "Properties": {
                "AlarmDescription": {{Literal($"Route {route.Name}: {often}.")}},
                "Namespace": "FastTrigger",
                "MetricName": "Available",
                "Dimensions": [
                  {"Name": "FunctionName", "Value": {"Ref": "AWS::StackName"} },
                  {"Name": "Route", "Value": {{Literal(route.Name)}}}
                ],
                "Statistic": "Minimum",
                "Period": {{seconds}},
                "EvaluationPeriods": {{periods}},
                "DatapointsToAlarm": {{Math.Min(periods, 2)}},
                "Threshold": 1,
                "ComparisonOperator": "LessThanThreshold",
                "TreatMissingData": "ignore",
                "AlarmActions": [{"Ref": "AlarmTopic"}],
                "OKActions": [{"Ref": "AlarmTopic"}]
              }
            }
            """);
    }

    private void AddFunctionAlarm(string id, string description, string metric, string statistic, int threshold)
    {
        var dimension = new JsonObject { ["Name"] = "FunctionName", ["Value"] = Ref("AWS::StackName") };
        Add(id, description, "AWS/Lambda", metric, dimension, statistic, threshold);
    }

    /// <summary>The time between two checks; null when that is not always the same.</summary>
    private static long? SecondsBetween(string schedule) =>
        EveryMinutes().Match(schedule) is { Success: true } match
            ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * 60
            : ScheduleExpression.RateSeconds(schedule);

    [GeneratedRegex(@"^cron\((?:\*|0)/(\d+) \* ")]
    private static partial Regex EveryMinutes();

    /// <summary>It follows the parameter Timeout, which only an expression can reckon with.</summary>
    private void AddDurationAlarm() => parts.Resources["DurationAlarm"] = Parse("""
        {
          "Type": "AWS::CloudWatch::Alarm",
          "Properties": {
            "AlarmDescription": "An invocation took 80 % of its timeout.",
            "Metrics": [
              {
                "Id": "used", "Label": "Percent of the timeout",
                "Expression": {"Fn::Sub": "duration / (${Timeout} * 10)"}
              },
              {
                "Id": "duration", "ReturnData": false,
                "MetricStat": {
                  "Metric": {
                    "Namespace": "AWS/Lambda", "MetricName": "Duration",
                    "Dimensions": [{"Name": "FunctionName", "Value": {"Ref": "AWS::StackName"}}]
                  },
                  "Period": 60, "Stat": "Maximum"
                }
              }
            ],
            "EvaluationPeriods": 1,
            "Threshold": 80,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": [{"Ref": "AlarmTopic"}]
          }
        }
        """);

    private void AddQueueAlarm(string queue)
    {
        var name = new JsonObject { ["Fn::GetAtt"] = new JsonArray(queue, "QueueName") };
        var dimension = new JsonObject { ["Name"] = "QueueName", ["Value"] = name };
        const string Metric = "ApproximateNumberOfMessagesVisible";
        Add(queue + "Alarm", "The queue contains events whose actions failed.", "AWS/SQS", Metric, dimension, "Maximum", 1);
    }

    private void Add(
        string id,
        string description,
        string metricNamespace,
        string metric,
        JsonObject dimension,
        string statistic,
        int threshold) => parts.Resources[id] = new JsonObject
        {
            ["Type"] = "AWS::CloudWatch::Alarm",
            ["Properties"] = new JsonObject
            {
                ["AlarmDescription"] = description,
                ["Namespace"] = metricNamespace,
                ["MetricName"] = metric,
                ["Dimensions"] = new JsonArray(dimension),
                ["Statistic"] = statistic,
                ["Period"] = 60,
                ["EvaluationPeriods"] = 1,
                ["Threshold"] = threshold,
                ["ComparisonOperator"] = "GreaterThanOrEqualToThreshold",
                ["TreatMissingData"] = "notBreaching",
                ["AlarmActions"] = new JsonArray(Ref("AlarmTopic")),
            },
        };
}
