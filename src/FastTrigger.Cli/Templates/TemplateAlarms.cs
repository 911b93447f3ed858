using System.Text.Json.Nodes;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates;

/// <summary>The alarms of the function and its queues, and the topic that they notify.</summary>
internal sealed class TemplateAlarms(TemplateSettings settings, JsonObject resources)
{
    private const int MaxIteratorAgeMs = 60_000;

    public void Generate(bool hasIteratorAge)
    {
        resources["AlarmTopic"] = Parse("""{"Type": "AWS::SNS::Topic"}""");
        resources["AlarmSubscription"] = Parse("""
            {
              "Type": "AWS::SNS::Subscription",
              "Condition": "HasEmail",
              "Properties": {"TopicArn": {"Ref": "AlarmTopic"}, "Protocol": "email", "Endpoint": {"Ref": "AlarmEmail"}}
            }
            """);
        AddFunctionAlarm("ErrorsAlarm", "An invocation failed: an action was not done.", "Errors", "Sum", 1);
        AddFunctionAlarm("ThrottlesAlarm", "Lambda throttled the function: events are late.", "Throttles", "Sum", 1);
        // 80 % of the timeout, in milliseconds.
        var maxDurationMs = settings.TimeoutSeconds * 800;
        AddFunctionAlarm("DurationAlarm", "An invocation came near its timeout.", "Duration", "Maximum", maxDurationMs);
        if (hasIteratorAge)
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
    }

    private void AddFunctionAlarm(string id, string description, string metric, string statistic, int threshold)
    {
        var dimension = new JsonObject { ["Name"] = "FunctionName", ["Value"] = Ref("AWS::StackName") };
        Add(id, description, "AWS/Lambda", metric, dimension, statistic, threshold);
    }

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
        int threshold) => resources[id] = new JsonObject
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
