using System.Text.Json.Nodes;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates;

/// <summary>The function with its alias, log group and act-once table.</summary>
internal sealed class TemplateFunction(TemplateParts parts)
{
    private const int MaxVariables = 4_096;

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
            {"SecurityGroupIds": [{"Ref": "FunctionSecurityGroup"}], "SubnetIds": {"Fn::Split": [",", {"Ref": "SubnetIds"}]}}
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

    /// <summary>
    /// Tracing is active, and beside that stand, without effect, the parameters that a version's configuration is made of. SAM names the
    /// version by a hash of the function's properties, in which a reference to a parameter stays a reference, except in this one: of it SAM
    /// takes the values. So another value makes another name, and CloudFormation publishes a version. Parameters that no version has are
    /// left out: a version that has nothing new is refused (docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html).
    /// </summary>
    public void NameVersion()
    {
        var properties = parts.Resources["Function"]!["Properties"]!;
        string[] configuration = ["Architectures", "MemorySize", "Timeout", "LoggingConfig", "KmsKeyArn", "VpcConfig", "Environment"];
        var names = configuration
            .SelectMany(name => ReferencesOf(properties[name]))
            .Where(parts.Parameters.ContainsKey)
            .Distinct();
        properties["Tracing"] = new JsonObject
        {
            [TemplateYaml.Comment] = "Active. SAM names the version by the values beside it, so that a changed parameter publishes one.",
            ["Fn::Select"] = new JsonArray(0, new JsonArray(["Active", .. names.Select(Ref)])),
        };
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
            "LoggingConfig": {
              "LogFormat": "JSON",
              "ApplicationLogLevel": {"Ref": "LogLevel"},
              "SystemLogLevel": "WARN",
              "LogGroup": {"Ref": "FunctionLog"}
            },
            "Tracing": "Active",
            "AutoPublishAlias": "live",
            "AutoPublishAliasAllProperties": true,
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

    /// <summary>What a part of the template refers to, also in the conditions that it depends on.</summary>
    private IEnumerable<string> ReferencesOf(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(member => member.Key switch
        {
            "Ref" => [member.Value!.GetValue<string>()],
            "Fn::If" => ReferencesOf(parts.Conditions[member.Value![0]!.GetValue<string>()]).Concat(ReferencesOf(member.Value)),
            _ => ReferencesOf(member.Value),
        }),
        JsonArray list => list.SelectMany(ReferencesOf),
        _ => [],
    };

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
            ["FASTTRIGGER_METRICS"] = Ref("Metrics"),
            ["FASTTRIGGER_DEBUG_SAMPLE"] = Ref("DebugSample"),
            ["FASTTRIGGER_TRUST"] = new JsonObject { ["Fn::Join"] = new JsonArray(",", trusted) },
        };
        if (parts.Table.NeedsOnceTable(out _))
        {
            environment["FASTTRIGGER_ONCE_TABLE"] = Ref("OnceTable");
        }

        if (parts.Routes.Any(TemplateAlarms.ChecksWebsite))
        {
            environment["FASTTRIGGER_FAILED_CHECKS"] = "metric";
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
    /// (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
    /// </summary>
    private void CheckLength()
    {
        var length = parts.Queues.OwnQueues.Sum(TemplateQueues.ArnLength);
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
