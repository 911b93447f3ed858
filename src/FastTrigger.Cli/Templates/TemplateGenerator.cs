using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FastTrigger.Cli.Routes;
using FastTrigger.Cli.Templates.Triggers;
using FastTrigger.Routing;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates;

/// <summary>
/// An AWS SAM template of a function with its routes (docs.aws.amazon.com/serverless-application-model/latest/developerguide): triggers,
/// permissions, queues for failed events, and alarms.
/// </summary>
internal sealed partial class TemplateGenerator(RouteTable table, JsonNode file, TemplateSettings settings)
{
    /// <summary>docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html</summary>
    private const int MaxResources = 500;

    /// <summary>
    /// How many rules with wildcards an event bus takes. It cannot be raised
    /// (docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html).
    /// </summary>
    private const int MaxWildcardRules = 30;

    /// <summary>
    /// What SAM makes of the function: version, alias, URL with its permissions, settings of asynchronous invocations, and what CodeDeploy
    /// needs (docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html).
    /// </summary>
    private const int GeneratedResources = 9;

    private readonly TemplateParts _parts = new(table, file, settings);

    /// <summary>The reasons why no template can be created.</summary>
    public IReadOnlyList<RouteProblem> Problems => _parts.Problems;

    /// <summary>The steps that the template leaves to the user.</summary>
    public IReadOnlyList<string> Notes => _parts.Notes;

    public JsonObject Generate()
    {
        var variables = FindVariables();
        AddParameters(variables);
        // These resources come first, because a reader looks for them.
        _parts.Resources["Function"] = new JsonObject();
        _parts.Resources["FunctionLog"] = new JsonObject();
        _parts.Resources["FunctionRole"] = new JsonObject();
        _parts.Queues.AddDeadLetters();
        SourceTriggers.Add(_parts);
        _parts.Queues.AddPlayback(_parts.Buses);
        var function = new TemplateFunction(_parts);
        function.Generate(variables);
        var role = new TemplateRole(_parts);
        _parts.Resources["FunctionRole"] = role.Generate();
        _parts.Problems.AddRange(role.Problems);
        AddOperation();
        function.NameVersion();
        CheckCount();
        return new()
        {
            ["AWSTemplateFormatVersion"] = "2010-09-09",
            ["Transform"] = "AWS::Serverless-2016-10-31",
            ["Description"] = "FastTrigger with its routes. Created by fasttrigger template: change the routes and create it again.",
            ["Metadata"] = new JsonObject
            {
                ["FastTrigger"] = new JsonObject
                {
                    ["Timeout"] = settings.TimeoutSeconds,
                    ["Code"] = settings.Code,
                    ["FilterStreams"] = settings.FilterStreams,
                    ["Dashboard"] = settings.Dashboard,
                },
            },
            ["Parameters"] = _parts.Parameters,
            ["Rules"] = TemplateNetwork.Rules(),
            ["Conditions"] = _parts.Conditions,
            ["Resources"] = _parts.Resources,
            ["Outputs"] = Outputs(),
        };
    }

    /// <summary>SAM makes more resources: of the function, and of event sources, such as a schedule and its role.</summary>
    private void CheckCount()
    {
        var mappings = _parts.Events.Count(source => source.Value!["Type"]!.GetValue<string>() == "SQS");
        var count = _parts.Resources.Count + GeneratedResources + (2 * _parts.Events.Count) - mappings;
        if (count > MaxResources)
        {
            var message = $"the template has {count} resources, and CloudFormation takes {MaxResources} at most";
            _parts.Problems.Add(new(null, "routes", message + "; deploy the routes as several functions"));
        }

        var buses = _parts.Resources
            .Select(resource => resource.Value!["Properties"])
            .Where(rule => rule?["EventPattern"] is JsonObject pattern && WildcardComplexity.HasWildcard(pattern))
            .GroupBy(rule => rule!["EventBusName"]?.GetValue<string>())
            .Where(bus => bus.Count() > MaxWildcardRules);
        foreach (var bus in buses)
        {
            var message = $"the template has {bus.Count()} rules with wildcards, and an event bus takes {MaxWildcardRules} at most";
            _parts.Problems.Add(new(null, "routes", message + "; use prefix and suffix where they do"));
        }
    }

    /// <summary>Adds alarms, a trail for API calls, and a network.</summary>
    private void AddOperation()
    {
        new TemplateAlarms(_parts).Generate();
        if (settings.Dashboard)
        {
            _parts.Resources["Dashboard"] = TemplateDashboard.Create();
        }

        new TemplateTrail(_parts.Parameters, _parts.Conditions, _parts.Resources).Generate();
        new TemplateNetwork(table, _parts.Parameters, _parts.Conditions, _parts.Resources).Generate();
    }

    private JsonObject Outputs()
    {
        var outputs = Parse("""
            {
              "FunctionName": {"Value": {"Ref": "Function"}},
              "FunctionAliasArn": {"Description": "The ARN that services invoke", "Value": {"Ref": "Function.Alias"}},
              "DeadLettersUrl": {"Description": "The queue for fasttrigger replay", "Value": {"Ref": "DeadLetters"}},
              "AlarmTopic": {"Value": {"Ref": "AlarmTopic"}}
            }
            """);
        if (_parts.UrlAuthorization is not null)
        {
            outputs["FunctionUrl"] = Parse(
                """{"Description": "The URL for HTTP requests", "Value": {"Fn::GetAtt": ["FunctionUrl", "FunctionUrl"]}}""");
        }

        return outputs;
    }

    private void AddParameters(IReadOnlyList<EnvironmentVariable> variables)
    {
        var parameters = Parse($$"""
            {
              "Architecture": {
                "Type": "String", "Default": "arm64", "AllowedValues": ["arm64", "x86_64"], "Description": "The architecture of the zip"
              },
              "MemorySize": {"Type": "Number", "Default": 128, "MinValue": 128, "MaxValue": 10240},
              "Timeout": {
                "Type": "Number", "Default": {{settings.TimeoutSeconds}}, "MinValue": 1, "MaxValue": {{settings.TimeoutSeconds}},
                "Description": "Seconds. The visibility timeout of the queues is six times the maximum"
              },
              "ReservedConcurrency": {"Type": "Number", "Default": -1, "Description": "-1 for none"},
              "ProvisionedConcurrency": {"Type": "Number", "Default": 0, "Description": "0 for none"},
              "LogLevel": {
                "Type": "String", "Default": "INFO", "AllowedValues": ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]
              },
              "Metrics": {
                "Type": "String", "Default": "on", "AllowedValues": ["on", "off"], "Description": "Whether invocations write metrics"
              },
              "DebugSample": {
                "Type": "Number", "Default": 1, "MinValue": 0, "MaxValue": 1,
                "Description": "The share of the invocations that write records below INFO, where LogLevel has them"
              },
              "LogRetentionInDays": {"Type": "Number", "Default": 30},
              "AlarmEmail": {"Type": "String", "Default": "", "Description": "The address for alarm notifications; empty for none"},
              "KmsKeyArn": {
                "Type": "String", "Default": "", "Description": "The KMS key of the environment variables; empty for the AWS managed key"
              }
            }
            """);
        foreach (var (name, parameter) in parameters)
        {
            _parts.Parameters[name] = parameter!.DeepClone();
        }

        foreach (var (name, parameter) in variables)
        {
            _parts.Parameters[parameter] = new JsonObject
            {
                ["Type"] = "String",
                ["Default"] = "",
                ["Description"] = $"The environment variable {name}, which routes use",
            };
        }

        var conditions = Parse("""
            {
              "HasReservedConcurrency": {"Fn::Not": [{"Fn::Equals": [{"Ref": "ReservedConcurrency"}, "-1"]}]},
              "HasProvisionedConcurrency": {"Fn::Not": [{"Fn::Equals": [{"Ref": "ProvisionedConcurrency"}, "0"]}]},
              "HasEmail": {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmEmail"}, ""]}]},
              "HasKey": {"Fn::Not": [{"Fn::Equals": [{"Ref": "KmsKeyArn"}, ""]}]}
            }
            """);
        foreach (var (name, condition) in conditions)
        {
            _parts.Conditions[name] = condition!.DeepClone();
        }
    }

    /// <summary>The variables that routes use as ${env.NAME}.</summary>
    private List<EnvironmentVariable> FindVariables() =>
    [
        .. VariableReference()
            .Matches(file.ToJsonString())
            .Select(match => match.Groups[1].Value)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(name => new EnvironmentVariable(name, "Env" + string.Concat(name.Where(char.IsAsciiLetterOrDigit)))),
    ];

    [GeneratedRegex(@"\$\{env\.([A-Za-z_][A-Za-z0-9_]*)")]
    private static partial Regex VariableReference();
}

/// <summary>An environment variable of the function, and the template's parameter for it.</summary>
internal readonly record struct EnvironmentVariable(string Name, string Parameter);
