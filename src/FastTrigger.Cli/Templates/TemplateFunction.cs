using System.Text.Json.Nodes;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates;

/// <summary>The function with its alias, log group and act-once table.</summary>
internal sealed class TemplateFunction(TemplateParts parts)
{
    private const int MaxVariables = 4_096, MaxQueueName = 80;

    public void Generate(IReadOnlyList<EnvironmentVariable> variables)
    {
        var function = CreateFunction();
        var properties = function["Properties"]!;
        properties["ReservedConcurrentExecutions"] = If("HasReservedConcurrency", Ref("ReservedConcurrency"));
        properties["ProvisionedConcurrencyConfig"] = If(
            "HasProvisionedConcurrency",
            new JsonObject { ["ProvisionedConcurrentExecutions"] = Ref("ProvisionedConcurrency") });
        properties["KmsKeyArn"] = If("HasKey", Ref("KmsKeyArn"));
        properties["VpcConfig"] = If("InVpc", Parse("""
            {"SecurityGroupIds": [{"Ref": "FunctionSecurityGroup"}], "SubnetIds": {"Ref": "SubnetIds"}}
            """));
        properties["Environment"] = new JsonObject { ["Variables"] = Environment(variables) };
        properties["Events"] = parts.Events;
        if (parts.UrlAuthorization is { } authorization)
        {
            properties["FunctionUrlConfig"] = new JsonObject
            {
                [TemplateYaml.Comment] = authorization == "NONE"
                    ? "Anyone can reach the function: the routes authenticate their callers."
                    : "Callers sign their requests: the routes authorize them.",
                ["AuthType"] = authorization,
            };
        }

        parts.Resources["Function"] = function;
        parts.Resources["FunctionLog"] = Parse("""
            {
              "Type": "AWS::Logs::LogGroup",
              "Properties": {
                "LogGroupName": {"Fn::Sub": "/aws/lambda/${AWS::StackName}"},
                "RetentionInDays": {"Ref": "LogRetentionInDays"}
              }
            }
            """);
        if (parts.Table.NeedsOnceTable(out var route))
        {
            parts.Resources["OnceTable"] = CreateOnceTable(route);
        }
    }

    private JsonObject CreateFunction() => Parse($$"""
        {
          "#": "Events invoke the alias live. A new version gets 10 % of the events for five minutes, then all unless an alarm went off.",
          "Type": "AWS::Serverless::Function",
          "Properties": {
            "FunctionName": {"Ref": "AWS::StackName"},
            "Runtime": "provided.al2023",
            "Handler": "bootstrap",
            "Architectures": [{"Ref": "Architecture"}],
            "CodeUri": {{Literal(parts.Settings.Code)}},
            "MemorySize": {"Ref": "MemorySize"},
            "Timeout": {"Ref": "Timeout"},
            "Role": {"Fn::GetAtt": ["FunctionRole", "Arn"]},
            "Tracing": "Active",
            "LoggingConfig": {
              "LogFormat": "JSON",
              "ApplicationLogLevel": {"Ref": "LogLevel"},
              "SystemLogLevel": "WARN",
              "LogGroup": {"Ref": "FunctionLog"}
            },
            "AutoPublishAlias": "live",
            "DeploymentPreference": {
              "#": "An alarm during the deployment rolls it back.",
              "Type": "Canary10Percent5Minutes",
              "Alarms": [{"Ref": "ErrorsAlarm"}, {"Ref": "DurationAlarm"}]
            },
            "EventInvokeConfig": {
              "#": "For asynchronous invocations of the alias: Lambda retries twice, then keeps the event with the error.",
              "MaximumRetryAttempts": 2,
              "MaximumEventAgeInSeconds": 21600,
              "DestinationConfig": {"OnFailure": {"Type": "SQS", "Destination": {"Fn::GetAtt": ["DeadLetters", "Arn"]} } }
            }
          }
        }
        """);

    private static JsonObject CreateOnceTable(string route) => Parse($$"""
        {
          "#": "The completed work of 15 days, by which route {{route}} acts once. The table outlives the stack, as retried events may.",
          "Type": "AWS::DynamoDB::Table",
          "DeletionPolicy": "Retain",
          "UpdateReplacePolicy": "Retain",
          "Properties": {
            "TableName": {"Fn::Sub": "${AWS::StackName}-once"},
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "TimeToLiveSpecification": {"AttributeName": "expiration", "Enabled": true},
            "SSESpecification": {"SSEEnabled": true}
          }
        }
        """);

    private JsonObject Environment(IReadOnlyList<EnvironmentVariable> variables)
    {
        var trusted = new JsonArray([.. parts.Queues.OwnQueues.Select(queue => (JsonNode)Arn(queue))]);
        var environment = new JsonObject
        {
            ["FASTTRIGGER_PARTIAL_BATCH"] = "on",
            ["FASTTRIGGER_TRUST"] = new JsonObject { ["Fn::Join"] = new JsonArray(",", trusted) },
        };
        if (parts.Table.NeedsOnceTable(out _))
        {
            environment["FASTTRIGGER_ONCE_TABLE"] = Ref("OnceTable");
        }

        foreach (var (name, parameter) in variables)
        {
            environment[name] = Ref(parameter);
        }

        CheckLength();
        return environment;
    }

    /// <summary>
    /// Refuses routes whose queues alone fill the variables of a function, with 4 KB in all
    /// (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). CloudFormation makes a queue's name of the stack's, the logical
    /// id and twelve characters, at most eighty in all.
    /// </summary>
    private void CheckLength()
    {
        var length = parts.Queues.OwnQueues.Sum(static queue =>
            "arn:aws:sqs:us-east-1:123456789012:".Length + Math.Min(MaxQueueName, "s-".Length + queue.Length + "-1A2B3C4D5E6F".Length));
        if (length > MaxVariables)
        {
            parts.Problems.Add(new(
                null,
                "routes",
                $"the queues of routes with retryFor make {length} bytes of the function's variables, and Lambda takes {MaxVariables} "
                    + "at most; deploy the routes as several functions"));
        }
    }
}
