using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FastTrigger.Cli.Policy;
using FastTrigger.Routing;

namespace FastTrigger.Cli.Templates;

/// <summary>
/// An AWS SAM template of a function with these routes (docs.aws.amazon.com/serverless-application-model/latest/developerguide): what invokes it, what it may
/// do, what keeps the events that failed, and what tells somebody.
/// </summary>
internal sealed partial class TemplateGenerator
{
    private const string FunctionName = "${AWS::StackName}";

    private readonly JsonObject _parameters = [];
    private readonly JsonObject _conditions = [];
    private readonly JsonObject _resources = [];
    private readonly RouteTable _table;
    private readonly JsonNode _file;
    private readonly TemplateSettings _settings;
    private readonly TemplateTriggers _triggers;
    private readonly TemplateSources _sources;
    private readonly List<string> _problems = [];

    public TemplateGenerator(RouteTable table, JsonNode file, TemplateSettings settings)
    {
        (_table, _file, _settings) = (table, file, settings);
        _triggers = new(table, file, settings, _resources);
        _sources = new(table, _triggers.Events, _resources);
    }

    /// <summary>Why no template can be made.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>What the template leaves to do by hand.</summary>
    public IReadOnlyList<string> Notes => _sources.Notes;

    public JsonObject Generate()
    {
        AddParameters();
        // What a reader looks for comes first.
        _resources["Function"] = new JsonObject();
        _resources["FunctionLog"] = new JsonObject();
        _resources["FunctionRole"] = new JsonObject();
        _triggers.Generate();
        _sources.Generate();
        _problems.AddRange(_triggers.Problems.Concat(_sources.Problems));
        AddFunction();
        new TemplateOperations(_table, _settings, _triggers.DeadLetters, _triggers.HasStreams, _parameters, _conditions, _resources).Generate();
        return new()
        {
            ["AWSTemplateFormatVersion"] = "2010-09-09",
            ["Transform"] = "AWS::Serverless-2016-10-31",
            ["Description"] = "FastTrigger with its routes. Made by fasttrigger template; change the routes and make it again.",
            ["Metadata"] = new JsonObject { ["FastTrigger"] = new JsonObject { ["Timeout"] = _settings.TimeoutSeconds, ["Code"] = _settings.Code, ["FilterStreams"] = _settings.FilterStreams } },
            ["Parameters"] = _parameters,
            ["Conditions"] = _conditions,
            ["Resources"] = _resources,
            ["Outputs"] = Outputs(),
        };
    }

    private JsonObject Outputs()
    {
        var outputs = Parse("""
            {
              "FunctionName": {"Value": {"Ref": "Function"}},
              "FunctionAliasArn": {"Description": "What services invoke", "Value": {"Ref": "Function.Alias"}},
              "DeadLettersUrl": {"Description": "For fasttrigger replay", "Value": {"Ref": "DeadLetters"}},
              "AlarmTopic": {"Value": {"Ref": "AlarmTopic"}}
            }
            """);
        if (_sources.Url is not null)
        {
            outputs["FunctionUrl"] = Parse("""{"Description": "Where HTTP requests go", "Value": {"Fn::GetAtt": ["FunctionUrl", "FunctionUrl"]}}""");
        }

        return outputs;
    }

    /// <summary>A bucket that nobody else reads, and whose objects go after that many days.</summary>
    internal static JsonObject PrivateBucket(string comment, int days) => Parse($$"""
        {
          "#": {{JsonValue.Create(comment).ToJsonString()}},
          "Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain",
          "Properties": {
            "PublicAccessBlockConfiguration": {"BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true},
            "LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "ExpirationInDays": {{days}}}]}
          }
        }
        """);

    internal static JsonObject Parse(string text) => JsonNode.Parse(text)!.AsObject();

    internal static JsonObject Sub(string text) => new() { ["Fn::Sub"] = text };

    internal static JsonObject Ref(string name) => new() { ["Ref"] = name };

    internal static JsonObject Arn(string name) => new() { ["Fn::GetAtt"] = new JsonArray(name, "Arn") };

    internal static JsonObject If(string condition, JsonNode value) => new() { ["Fn::If"] = new JsonArray(condition, value, Ref("AWS::NoValue")) };

    private void AddParameters()
    {
        foreach (var (name, parameter) in Parse($$"""
            {
              "Architecture": {"Type": "String", "Default": "arm64", "AllowedValues": ["arm64", "x86_64"], "Description": "What the zip was packed for"},
              "MemorySize": {"Type": "Number", "Default": 128, "MinValue": 128, "MaxValue": 10240},
              "Timeout": {"Type": "Number", "Default": {{_settings.TimeoutSeconds}}, "MinValue": 1, "MaxValue": {{_settings.TimeoutSeconds}}, "Description": "Seconds. The queues hide a message for six times the greatest, so that no two functions have it at a time"},
              "ReservedConcurrency": {"Type": "Number", "Default": -1, "Description": "-1 for none"},
              "ProvisionedConcurrency": {"Type": "Number", "Default": 0, "Description": "0 for none"},
              "LogLevel": {"Type": "String", "Default": "INFO", "AllowedValues": ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]},
              "LogRetentionInDays": {"Type": "Number", "Default": 30},
              "AlarmEmail": {"Type": "String", "Default": "", "Description": "Who is told of alarms; empty for nobody"},
              "KmsKeyArn": {"Type": "String", "Default": "", "Description": "The key that the environment is encrypted with; empty for AWS's own"}
            }
            """).ToList())
        {
            _parameters[name] = parameter!.DeepClone();
        }

        foreach (var variable in Variables())
        {
            _parameters[ParameterOf(variable)] = new JsonObject { ["Type"] = "String", ["Default"] = "", ["Description"] = $"The environment variable {variable}, which routes name" };
        }

        foreach (var (name, condition) in Parse("""
            {
              "HasReservedConcurrency": {"Fn::Not": [{"Fn::Equals": [{"Ref": "ReservedConcurrency"}, "-1"]}]},
              "HasProvisionedConcurrency": {"Fn::Not": [{"Fn::Equals": [{"Ref": "ProvisionedConcurrency"}, "0"]}]},
              "HasEmail": {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmEmail"}, ""]}]},
              "HasKey": {"Fn::Not": [{"Fn::Equals": [{"Ref": "KmsKeyArn"}, ""]}]}
            }
            """).ToList())
        {
            _conditions[name] = condition!.DeepClone();
        }
    }

    private void AddFunction()
    {
        var function = Parse($$"""
            {
              "#": "The alias live is what is invoked. A new version gets a tenth of the events for five minutes, and all of them when no alarm went off.",
              "Type": "AWS::Serverless::Function",
              "Properties": {
                "FunctionName": {"Ref": "AWS::StackName"},
                "Runtime": "provided.al2023",
                "Handler": "bootstrap",
                "Architectures": [{"Ref": "Architecture"}],
                "CodeUri": {{JsonValue.Create(_settings.Code).ToJsonString()}},
                "MemorySize": {"Ref": "MemorySize"},
                "Timeout": {"Ref": "Timeout"},
                "Role": {"Fn::GetAtt": ["FunctionRole", "Arn"]},
                "Tracing": "Active",
                "LoggingConfig": {"LogFormat": "JSON", "ApplicationLogLevel": {"Ref": "LogLevel"}, "SystemLogLevel": "WARN", "LogGroup": {"Ref": "FunctionLog"} },
                "AutoPublishAlias": "live",
                "DeploymentPreference": {
                  "#": "Rolls back by itself when an alarm goes off meanwhile.",
                  "Type": "Canary10Percent5Minutes", "Alarms": [{"Ref": "ErrorsAlarm"}, {"Ref": "DurationAlarm"}]
                },
                "EventInvokeConfig": {
                  "#": "Of asynchronous invocations through the alias: Lambda tries twice more, then keeps the event with what went wrong.",
                  "MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 21600,
                  "DestinationConfig": {"OnFailure": {"Type": "SQS", "Destination": {"Fn::GetAtt": ["DeadLetters", "Arn"]} } }
                }
              }
            }
            """);
        var properties = function["Properties"]!;
        properties["ReservedConcurrentExecutions"] = If("HasReservedConcurrency", Ref("ReservedConcurrency"));
        properties["ProvisionedConcurrencyConfig"] = If("HasProvisionedConcurrency", new JsonObject { ["ProvisionedConcurrentExecutions"] = Ref("ProvisionedConcurrency") });
        properties["KmsKeyArn"] = If("HasKey", Ref("KmsKeyArn"));
        properties["VpcConfig"] = If("InVpc", Parse("""{"SecurityGroupIds": [{"Ref": "FunctionSecurityGroup"}], "SubnetIds": {"Ref": "SubnetIds"}}"""));
        properties["Environment"] = new JsonObject { ["Variables"] = Environment() };
        properties["Events"] = _triggers.Events;
        if (_sources.Url is { } authorization)
        {
            properties["FunctionUrlConfig"] = new JsonObject
            {
                [TemplateYaml.Comment] = authorization == "NONE" ? "Everybody reaches the function: the routes say themselves who may." : "Callers sign their requests; the routes say which of them may.",
                ["AuthType"] = authorization,
            };
        }

        _resources["Function"] = function;
        _resources["FunctionLog"] = Parse("""{"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": {"Fn::Sub": "/aws/lambda/${AWS::StackName}"}, "RetentionInDays": {"Ref": "LogRetentionInDays"}}}""");
        AddRole();
        if (_table.NeedsOnceTable(out var route))
        {
            _resources["OnceTable"] = Parse($$"""
                {
                  "#": "What was done, for 15 days: route {{route}} acts once by it. It outlives the stack, as the events that come again may.",
                  "Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain",
                  "Properties": {
                    "TableName": {"Fn::Sub": "${AWS::StackName}-once"}, "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}], "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                    "TimeToLiveSpecification": {"AttributeName": "expiration", "Enabled": true}, "SSESpecification": {"SSEEnabled": true}
                  }
                }
                """);
        }
    }

    private JsonObject Environment()
    {
        var variables = new JsonObject
        {
            ["FASTTRIGGER_PARTIAL_BATCH"] = "on",
            ["FASTTRIGGER_TRUST"] = new JsonObject { ["Fn::Join"] = new JsonArray(",", new JsonArray([.. _triggers.OwnQueues.Select(queue => (JsonNode)Arn(queue))])) },
        };
        if (_table.NeedsOnceTable(out _))
        {
            variables["FASTTRIGGER_ONCE_TABLE"] = Ref("OnceTable");
        }

        foreach (var variable in Variables())
        {
            variables[variable] = Ref(ParameterOf(variable));
        }

        return variables;
    }

    private void AddRole()
    {
        var scope = new PolicyScope("${AWS::Partition}", "${AWS::Region}", "${AWS::AccountId}", FunctionName, $"{FunctionName}-once");
        var generator = new PolicyGenerator(_table, _file, scope);
        var statements = generator.Generate();
        _problems.AddRange(generator.Problems);
        var platform = generator.Platform();
        if (_triggers.AsksForQueue)
        {
            platform.First(statement => statement.Sid == "Queues").Resources.Add("${QueueArn}");
            _parameters["QueueArn"] = Parse("""{"Type": "String", "Description": "The queue whose messages routes take"}""");
        }

        platform = [.. platform, .. _triggers.Statements, .. _sources.Statements];
        foreach (var (name, parameter) in _triggers.Parameters.Concat(_sources.Parameters).ToList())
        {
            _parameters[name] = parameter!.DeepClone();
        }

        var policies = new JsonArray();
        foreach (var (name, condition, group) in ((string, string?, List<PolicyStatement>)[])[
            ("Routes", null, [.. statements]),
            ("Platform", null, [.. platform.Where(statement => statement.Sid != "Network")]),
            ("Network", "InVpc", [.. platform.Where(statement => statement.Sid == "Network")]),
            ("Key", "HasKey", [PolicyGenerator.Key("${KmsKeyArn}")])])
        {
            if (group.Count > 0)
            {
                var policy = new JsonObject { ["PolicyName"] = name, ["PolicyDocument"] = new JsonObject { ["Version"] = "2012-10-17", ["Statement"] = new JsonArray([.. group.Select(Statement)]) } };
                policies.Add((JsonNode)(condition is null ? policy : If(condition, policy)));
            }
        }

        _resources["FunctionRole"] = new JsonObject
        {
            [TemplateYaml.Comment] = "What the routes use, on what they name; fasttrigger policy --explain says which route needs what.",
            ["Type"] = "AWS::IAM::Role",
            ["Properties"] = new JsonObject
            {
                ["AssumeRolePolicyDocument"] = Parse("""{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"""),
                ["Policies"] = policies,
            },
        };
    }

    /// <summary>A statement whose ARNs are filled in by CloudFormation.</summary>
    private static JsonNode Statement(PolicyStatement statement)
    {
        var json = statement.ToJson();
        var resources = json["Resource"]!.AsArray().Select(resource => resource!.GetValue<string>()).ToList();
        json["Resource"] = new JsonArray([.. resources.Select(resource => resource.Contains("${", StringComparison.Ordinal) ? Sub(resource) : (JsonNode)resource)]);
        json[TemplateYaml.Comment] = $"{(statement.Routes.Count == 0 ? "Lambda itself" : string.Join(", ", statement.Routes))}: {statement.Why}";
        return json;
    }

    /// <summary>The variables that routes name as ${env.NAME}.</summary>
    private List<string> Variables() => [.. EnvironmentNames().Matches(_file.ToJsonString()).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)];

    private static string ParameterOf(string variable) => "Env" + string.Concat(variable.Where(char.IsAsciiLetterOrDigit));

    /// <summary>A route's name as a logical id.</summary>
    internal static string LogicalId(string route) =>
        string.Concat(route.Split('-', '_', '.').Where(part => part.Length > 0).Select(part => char.ToUpper(part[0], CultureInfo.InvariantCulture) + part[1..]));

    [GeneratedRegex(@"\$\{env\.([A-Za-z_][A-Za-z0-9_]*)")]
    private static partial Regex EnvironmentNames();
}
