using System.Text.Json.Nodes;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates;

/// <summary>
/// A dashboard of the function: its metrics, by route and action where they have that, and what failed
/// (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html).
/// </summary>
internal static class TemplateDashboard
{
    private const int Width = 12, Height = 6, Columns = 24 / Width, Period = 300;

    private const string Function = "${AWS::StackName}";

    public static JsonObject Create()
    {
        JsonObject[] widgets =
        [
            Metrics("Events", "Sum", Own("Matched"), Own("Unmatched"), Own("Refused"), Own("Duplicates")),
            Metrics("Outcomes", "Sum", Own("Done"), Own("Skipped"), Own("Retry"), Own("Failed")),
            Metrics("Failed, by route and action", "Sum", ByAction("Failed", "Sum")),
            Metrics("Milliseconds of actions, p95", "p95", ByAction("ActionDuration", "p95")),
            Metrics("Cold starts", "Sum", Own("ColdStart")),
            Metrics("Milliseconds of INIT, p95", "p95", Own("InitDuration")),
            Metrics("Calls of AWS: repeated, throttled", "Sum", Own("AwsRetries"), Own("Throttled")),
            Metrics("Milliseconds of calls of AWS, p95", "p95", Own("AwsCallDuration")),
            Metrics("Websites: 0 is a failed check", "Minimum", ByRoute("Available", "Minimum")),
            Metrics("Events in the dead letters", "Maximum", Queue("DeadLetters"), Queue("ParkedLetters")),
            Metrics("Lambda: errors, throttles", "Sum", Lambda("Errors"), Lambda("Throttles")),
            Log("What failed", """
                fields @timestamp, route, action, detail | filter message = "action" and outcome in ["failed", "retry"]
                | sort @timestamp desc | limit 20
                """),
        ];
        for (var i = 0; i < widgets.Length; i++)
        {
            (widgets[i]["x"], widgets[i]["y"]) = (i % Columns * Width, i / Columns * Height);
        }

        var body = new JsonObject { ["widgets"] = new JsonArray([.. widgets]) };
        return new()
        {
            ["Type"] = "AWS::CloudWatch::Dashboard",
            ["Properties"] = new JsonObject
            {
                ["DashboardName"] = Ref("AWS::StackName"),
                ["DashboardBody"] = Sub(body.ToJsonString(ReadableJson.OneLine)),
            },
        };
    }

    private static JsonObject Metrics(string title, string statistic, params JsonArray[] metrics) => Widget("metric", new()
    {
        ["title"] = title,
        ["region"] = "${AWS::Region}",
        ["stat"] = statistic,
        ["period"] = Period,
        ["metrics"] = new JsonArray([.. metrics]),
    });

    private static JsonObject Log(string title, string query) => Widget("log", new()
    {
        ["title"] = title,
        ["region"] = "${AWS::Region}",
        ["view"] = "table",
        ["query"] = $"SOURCE '/aws/lambda/{Function}' | {query.ReplaceLineEndings(" ")}",
    });

    private static JsonObject Widget(string type, JsonObject properties) =>
        new() { ["type"] = type, ["width"] = Width, ["height"] = Height, ["properties"] = properties };

    private static JsonArray Own(string metric) => new("FastTrigger", metric, "FunctionName", Function);

    private static JsonArray Lambda(string metric) => new("AWS/Lambda", metric, "FunctionName", Function);

    private static JsonArray Queue(string queue) =>
        new("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", $"${{{queue}.QueueName}}");

    private static JsonArray ByAction(string metric, string statistic) => Search("FunctionName,Route,Action", metric, statistic);

    private static JsonArray ByRoute(string metric, string statistic) => Search("FunctionName,Route", metric, statistic);

    /// <summary>Finds the routes itself, so that a new one needs no new dashboard.</summary>
    private static JsonArray Search(string dimensions, string metric, string statistic)
    {
        var found = $"{{FastTrigger,{dimensions}}} FunctionName=\"{Function}\" MetricName=\"{metric}\"";
        return new((JsonNode)new JsonObject { ["expression"] = $"SEARCH('{found}', '{statistic}', {Period})" });
    }
}
