namespace FastTrigger.Cli.Samples;

/// <summary>A realistic event of each source and form, in the tool itself.</summary>
internal static class SampleEvents
{
    private const string Suffix = ".json";

    /// <summary>Its name, which is the chain of sources, with a form behind a hyphen; and what it is.</summary>
    public static readonly (string Name, string What)[] All =
    [
        ("eventbridge", "An event of EventBridge, with a source of one's own"),
        ("eventbridge-lifecycle", "A lifecycle hook of an Auto Scaling group, which waits for CompleteLifecycleAction"),
        ("eventbridge-health", "An event of AWS Health"),
        ("eventbridge-guardduty", "A finding of Amazon GuardDuty"),
        ("eventbridge-securityhub", "A finding of AWS Security Hub"),
        ("scheduler", "EventBridge Scheduler, a schedule without an input of its own"),
        ("sqs", "Messages of a queue: one with an event, one with other JSON"),
        ("sqs-fifo", "Messages of a FIFO queue, of two groups"),
        ("sqs-dead-letter", "A dead letter of an asynchronous invocation, in a queue"),
        ("sqs/eventbridge", "A rule's event in a queue"),
        ("sqs/sns", "A notification in a queue"),
        ("sqs/sns/eventbridge", "A rule's event, by a topic, in a queue"),
        ("sqs/s3", "A bucket's notification in a queue"),
        ("sqs/sns/s3", "A bucket's notification, by a topic, in a queue"),
        ("sns", "A notification of a topic"),
        ("sns/eventbridge", "A rule's event by a topic"),
        ("sns/s3", "A bucket's notification by a topic"),
        ("s3", "Notifications of a bucket"),
        ("s3-test", "What S3 sends when notifications are set up"),
        ("kinesis", "Records of a stream: JSON and text"),
        ("kinesis-window", "A batch of a tumbling window"),
        ("kinesis/eventbridge", "A rule's event in a stream"),
        ("kinesis/logs", "A subscription of CloudWatch Logs, by a stream"),
        ("dynamodb", "A change of a table"),
        ("kafka", "A record of Amazon MSK"),
        ("mq", "A message of ActiveMQ"),
        ("mq-rabbitmq", "A message of RabbitMQ"),
        ("pipes", "A batch of EventBridge Pipes, of JSON that the pipe made"),
        ("pipes/sqs", "Messages of a queue, by a pipe"),
        ("pipes/kinesis", "Records of a stream, by a pipe"),
        ("logs", "A subscription of CloudWatch Logs: JSON and text"),
        ("alarm", "A CloudWatch alarm that invokes the function"),
        ("ses", "Mail that Amazon SES received"),
        ("codecommit", "A push to an AWS CodeCommit repository"),
        ("iotevents", "An action of a detector of AWS IoT Events"),
        ("codepipeline", "A job of AWS CodePipeline, which waits for PutJobSuccessResult or PutJobFailureResult"),
        ("config", "A change that a rule of AWS Config is to evaluate, which waits for PutEvaluations"),
        ("config-periodic", "A rule of AWS Config on a schedule"),
        ("cloudformation", "A custom resource that is created, which waits for an answer to its ResponseURL"),
        ("cloudformation-delete", "A custom resource that is deleted"),
        ("http", "An HTTP API of API Gateway, payload format 2.0, with a JWT authorizer"),
        ("http-url", "A Function URL with AWS_IAM"),
        ("http-1.0", "An HTTP API of API Gateway, payload format 1.0"),
        ("http-rest", "A REST API of API Gateway, with AWS_IAM"),
        ("http-websocket", "A message to a WebSocket API of API Gateway"),
        ("http-alb", "An Application Load Balancer"),
        ("http-alb-lists", "An Application Load Balancer with multi-value headers"),
        ("http-alb-health", "A load balancer's health check"),
        ("authorizer", "A request to a Lambda authorizer of a REST or WebSocket API"),
        ("authorizer-token", "A token for a Lambda authorizer of a REST API"),
        ("authorizer-http", "A request to a Lambda authorizer of an HTTP API, payload format 2.0"),
        ("s3batch", "A task of S3 Batch Operations"),
        ("s3batch-2.0", "A task of S3 Batch Operations, invocation schema 2.0"),
        ("firehose", "Records that Amazon Data Firehose has transformed"),
        ("cognito", "A trigger of a Cognito user pool"),
        ("lex", "A bot of Amazon Lex V2"),
        ("lex-v1", "A bot of Amazon Lex V1"),
        ("alexa", "A request of an Alexa skill"),
        ("destination", "The record of an on-failure destination, to be played back"),
        ("destination-success", "The record of an on-success destination"),
        ("direct-iot", "A rule of AWS IoT: any JSON"),
        ("direct", "Any other JSON: aws lambda invoke, Step Functions, the SDKs"),
    ];

    public static string Read(string name)
    {
        using var stream = typeof(SampleEvents).Assembly.GetManifestResourceStream("FastTrigger.Cli.Samples." + name.Replace('/', '.') + Suffix)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
