namespace FastTrigger.Cli.Templates.Triggers;

/// <summary>
/// The trigger of each event source by the name that `from` uses (docs.aws.amazon.com/lambda/latest/dg/lambda-services.html).
/// </summary>
internal static class SourceTriggers
{
    public static IReadOnlyDictionary<string, SourceTrigger> All { get; } = new Dictionary<string, SourceTrigger>(StringComparer.Ordinal)
    {
        ["eventbridge"] = new RuleTrigger(),
        ["scheduler"] = new ScheduleTrigger(),
        ["sqs"] = new QueueTrigger(),
        ["kinesis"] = new StreamTrigger(
            "Kinesis",
            ["DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards", "SubscribeToShard"],
            new("kinesis", "data", "partitionKey")),
        ["dynamodb"] = new StreamTrigger(
            "DynamoDB",
            ["DescribeStream", "GetRecords", "GetShardIterator"],
            new("dynamodb", "dynamodb", "eventName")),
        ["documentdb"] = new DocumentDbTrigger(),
        ["kafka"] = new KafkaTrigger(),
        ["mq"] = new MqTrigger(),
        ["sns"] = new SubscriptionTrigger("Topic", "TopicArn", "The topic whose notifications routes take", """
            {
              "#": "SNS retries the delivery of a notification for 23 days.",
              "Type": "SNS",
              "Properties": {"Topic": {"Ref": "TopicArn"}}
            }
            """),
        ["logs"] = new SubscriptionTrigger("LogGroup", "LogGroupName", "The log group whose events routes take", """
            {"Type": "CloudWatchLogs", "Properties": {"LogGroupName": {"Ref": "LogGroupName"}, "FilterPattern": ""}}
            """),
        ["http"] = new HttpTrigger(),
        ["alarm"] = new ServiceTrigger("lambda.alarms.cloudwatch.amazonaws.com", "name it in the alarm's actions"),
        ["alexa"] = new AlexaTrigger(),
        ["authorizer"] = new ServiceTrigger(
            "apigateway.amazonaws.com",
            "name it as the API's authorizer; of an HTTP API with payload format 2.0 and simple responses"),
        ["codecommit"] = new ServiceTrigger("codecommit.amazonaws.com", "name it in a trigger of the repository"),
        ["cognito"] = new ServiceTrigger("cognito-idp.amazonaws.com", "name it as a trigger of the user pool"),
        ["config"] = new ServiceTrigger("config.amazonaws.com", "name it as the source of a custom rule"),
        ["iotevents"] = new ServiceTrigger("iotevents.amazonaws.com", "name it in an action of the detector model"),
        ["lex"] = new ServiceTrigger("lexv2.amazonaws.com", "name it for the alias of the bot"),
        ["s3"] = new ServiceTrigger("s3.amazonaws.com", "name it in the notifications of the bucket"),
        ["ses"] = new ServiceTrigger("ses.amazonaws.com", "name it in a receipt rule"),
        ["cloudformation"] = new CallerTrigger("name it as the custom resource's ServiceToken"),
        ["codepipeline"] = new CallerTrigger("name it in an action of the pipeline, whose role may invoke it"),
        ["direct"] = new CallerTrigger("allow lambda:InvokeFunction in the role of each caller"),
        ["firehose"] = new CallerTrigger("name it as the stream's processor, whose role may invoke it"),
        ["pipes"] = new CallerTrigger("name it as the target of the pipe, whose role may invoke it"),
        ["s3batch"] = new CallerTrigger("name it in the job, whose role may invoke it"),
    };

    /// <summary>Adds the triggers that routes need.</summary>
    public static void Add(TemplateParts parts)
    {
        foreach (var route in parts.Routes)
        {
            Add(parts, [route], perRoute: true);
        }

        Add(parts, parts.Routes, perRoute: false);
    }

    private static void Add(TemplateParts parts, IReadOnlyList<TemplateRoute> routes, bool perRoute)
    {
        foreach (var (source, trigger) in All.Where(entry => entry.Value.IsPerRoute == perRoute))
        {
            var users = routes.Where(route => trigger.IsNeededBy(route, source)).ToList();
            if (users.Count > 0)
            {
                trigger.Add(source, users, parts);
            }
        }
    }
}
