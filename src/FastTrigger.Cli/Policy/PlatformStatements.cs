namespace FastTrigger.Cli.Policy;

/// <summary>The permissions that Lambda itself uses in the function's name.</summary>
internal static class PlatformStatements
{
    /// <summary>The calls of an event source mapping for a queue.</summary>
    public static readonly string[] QueueActions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

    public static IReadOnlyList<PolicyStatement> Of(PolicyScope scope, IReadOnlyList<string> trust)
    {
        var own = scope.Queues ?? [scope.Arn("sqs", scope.Region, $"{scope.Function}-*")];
        var queues = Statement(
            "Queues",
            QueueActions,
            own[0],
            "the queues that the function takes from: those between a rule and it, and dead letters that are played back");
        queues.Resources.UnionWith(own);
        queues.Resources.UnionWith(trust.Where(arn => arn.Contains(":sqs:", StringComparison.Ordinal)));
        return
        [
            Statement(
                "Logs",
                ["logs:CreateLogStream", "logs:PutLogEvents"],
                scope.Arn("logs", scope.Region, $"log-group:/aws/lambda/{scope.Function}:*"),
                "the function's log"),
            Statement(
                "Trace",
                ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
                "*",
                "X-Ray"),
            Statement(
                "Network",
                ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"],
                "*",
                "a function in a VPC"),
            Statement(
                "DeadLetters",
                ["sqs:SendMessage"],
                own[0],
                "the dead-letter queue and the on-failure destination"),
            queues,
        ];
    }

    /// <summary>For an environment that is encrypted with a customer managed key.</summary>
    public static PolicyStatement Key(string arn) => Statement("Key", ["kms:Decrypt"], arn, "the environment is encrypted with this key");

    private static PolicyStatement Statement(string sid, IReadOnlyList<string> actions, string resource, string why)
    {
        var statement = new PolicyStatement(sid, actions, null, why);
        statement.Resources.Add(resource);
        return statement;
    }
}
