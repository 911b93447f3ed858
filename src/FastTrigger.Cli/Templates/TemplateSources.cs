using System.Text.Json.Nodes;
using FastTrigger.Cli.Policy;
using FastTrigger.Routing;
using FastTrigger.Routing.Auth;
using static FastTrigger.Cli.Templates.TemplateGenerator;

namespace FastTrigger.Cli.Templates;

/// <summary>
/// What routes take from beside rules, schedules, queues and streams: topics, log groups, brokers, a URL or an HTTP API; and for services that are set up elsewhere the permission to invoke the
/// function. Which topic, broker or skill it is, whoever deploys says by a parameter.
/// </summary>
internal sealed class TemplateSources(RouteTable table, JsonObject events, JsonObject resources)
{
    /// <summary>Who invokes the function for these sources, and what is left to do (docs.aws.amazon.com/lambda/latest/dg/lambda-services.html). Null for a service that does so by a role of its own.</summary>
    private static readonly (string Source, string? Principal, string Setup)[] s_elsewhere =
    [
        ("alarm", "lambda.alarms.cloudwatch.amazonaws.com", "name it in the alarm's actions"),
        ("alexa", "alexa-appkit.amazon.com", "name it as the skill's endpoint"),
        ("authorizer", "apigateway.amazonaws.com", "name it as the API's authorizer; of an HTTP API with payload format 2.0 and simple responses"),
        ("cloudformation", null, "name it as the custom resource's ServiceToken"),
        ("codecommit", "codecommit.amazonaws.com", "name it in a trigger of the repository"),
        ("codepipeline", null, "name it in an action of the pipeline, whose role may invoke it"),
        ("cognito", "cognito-idp.amazonaws.com", "name it as a trigger of the user pool"),
        ("config", "config.amazonaws.com", "name it as the source of a custom rule"),
        ("firehose", null, "name it as the stream's processor, whose role may invoke it"),
        ("iotevents", "iotevents.amazonaws.com", "name it in an action of the detector model"),
        ("lex", "lexv2.amazonaws.com", "name it for the alias of the bot"),
        ("pipes", null, "name it as the target of the pipe, whose role may invoke it"),
        ("s3", "s3.amazonaws.com", "name it in the notifications of the bucket"),
        ("s3batch", null, "name it in the job, whose role may invoke it"),
        ("ses", "ses.amazonaws.com", "name it in a receipt rule"),
    ];

    public JsonObject Parameters { get; } = [];

    /// <summary>What the function's role needs for them.</summary>
    public List<PolicyStatement> Statements { get; } = [];

    public List<string> Problems { get; } = [];

    public List<string> Notes { get; } = [];

    public void Generate()
    {
        if (Takes("sns"))
        {
            Parameter("TopicArn", "The topic whose notifications routes take");
            events["Topic"] = Parse("""{"#": "SNS tries for 23 days to deliver a notification.", "Type": "SNS", "Properties": {"Topic": {"Ref": "TopicArn"}}}""");
        }

        if (Takes("logs"))
        {
            Parameter("LogGroupName", "The log group whose events routes take");
            events["LogGroup"] = Parse("""{"Type": "CloudWatchLogs", "Properties": {"LogGroupName": {"Ref": "LogGroupName"}, "FilterPattern": ""}}""");
        }

        AddKafka();
        AddMq();
        AddHttp();
        foreach (var (source, principal, setup) in s_elsewhere)
        {
            if (Takes(source))
            {
                AddElsewhere(source, principal, setup);
            }
        }
    }

    private bool Takes(string source) => table.Routes.Any(route => route.From.Any(chain => chain.Split('/')[0] == source));

    private void Parameter(string name, string description) => Parameters[name] = new JsonObject { ["Type"] = "String", ["Description"] = description };

    /// <summary>Partial answers need the mapping's provisioned mode (docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html); without FunctionResponseTypes they would be taken for success.</summary>
    private void AddKafka()
    {
        if (!Takes("kafka"))
        {
            return;
        }

        Parameter("KafkaClusterArn", "The MSK cluster whose records routes take");
        Parameter("KafkaTopic", "Its topic");
        resources["Kafka"] = Parse("""
            {
              "#": "The answer names the first record of each partition that was not done. Only the provisioned mode takes such an answer: it costs by the poller and hour.",
              "Type": "AWS::Lambda::EventSourceMapping",
              "Properties": {
                "EventSourceArn": {"Ref": "KafkaClusterArn"}, "Topics": [{"Ref": "KafkaTopic"}], "FunctionName": {"Ref": "Function.Alias"}, "StartingPosition": "TRIM_HORIZON", "BatchSize": 100,
                "FunctionResponseTypes": ["ReportBatchItemFailures"], "ProvisionedPollerConfig": {"MinimumPollers": 1, "MaximumPollers": 5}
              }
            }
            """);
        Statement("KafkaCluster", ["kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"], "${KafkaClusterArn}", "the cluster that the function takes from");
        Vpc();
    }

    private void AddMq()
    {
        if (!Takes("mq"))
        {
            return;
        }

        Parameter("BrokerArn", "The broker of Amazon MQ whose messages routes take");
        Parameter("BrokerQueue", "Its queue");
        Parameter("BrokerCredentialsArn", "The secret of Secrets Manager with its username and password");
        events["Broker"] = Parse("""
            {
              "#": "A batch that was not done as a whole comes again as a whole.",
              "Type": "MQ",
              "Properties": {"Broker": {"Ref": "BrokerArn"}, "Queues": [{"Ref": "BrokerQueue"}], "SourceAccessConfigurations": [{"Type": "BASIC_AUTH", "URI": {"Ref": "BrokerCredentialsArn"}}], "BatchSize": 10}
            }
            """);
        Statement("Broker", ["mq:DescribeBroker"], "${BrokerArn}", "the broker that the function takes from");
        Statement("BrokerSecret", ["secretsmanager:GetSecretValue"], "${BrokerCredentialsArn}", "its user");
        Vpc();
    }

    /// <summary>A Function URL for routes that AWS authenticates or that authenticate themselves; an HTTP API for those that want a token verified.</summary>
    private void AddHttp()
    {
        var routes = table.Routes.Where(route => route.Auth is not null).ToList();
        if (routes.Any(route => route.Auth is JwtAuth))
        {
            Parameter("JwtIssuer", "Who issues the tokens: the URL that their claim iss has");
            Parameter("JwtAudience", "For whom they are: their claim aud");
            resources["HttpApi"] = Parse("""
                {
                  "#": "Verifies the token; the routes say which of its claims they want.",
                  "Type": "AWS::Serverless::HttpApi",
                  "Properties": {
                    "Auth": {
                      "DefaultAuthorizer": "Jwt",
                      "Authorizers": {"Jwt": {"IdentitySource": "$request.header.Authorization", "JwtConfiguration": {"issuer": {"Ref": "JwtIssuer"}, "audience": [{"Ref": "JwtAudience"}]} } }
                    }
                  }
                }
                """);
            events["Api"] = Parse("""{"Type": "HttpApi", "Properties": {"ApiId": {"Ref": "HttpApi"}, "Method": "ANY", "Path": "/{proxy+}", "PayloadFormatVersion": "2.0"}}""");
        }

        var iam = routes.FirstOrDefault(route => route.Auth is IamAuth);
        var own = routes.FirstOrDefault(route => route.Auth is not (IamAuth or JwtAuth));
        if (iam is not null && own is not null)
        {
            Problems.Add($"route '{iam.Name}' wants AWS to authenticate its callers and route '{own.Name}' does not: a Function URL does either; deploy them as two functions");
        }

        if (iam is not null || own is not null)
        {
            Url = iam is not null ? "AWS_IAM" : "NONE";
        }
    }

    /// <summary>The authorization of the Function URL; null when there is none.</summary>
    public string? Url { get; private set; }

    private void AddElsewhere(string source, string? principal, string setup)
    {
        Notes.Add($"{source}: {setup}. The function is the output FunctionAliasArn");
        if (principal is null)
        {
            return;
        }

        var permission = Parse($$"""
            {
              "#": {{JsonValue.Create($"For {source}: {setup}.").ToJsonString()}},
              "Type": "AWS::Lambda::Permission",
              "Properties": {"Action": "lambda:InvokeFunction", "FunctionName": {"Ref": "Function.Alias"}, "Principal": "{{principal}}"}
            }
            """);
        if (source == "alexa")
        {
            Parameter("AlexaSkillId", "The skill that invokes the function");
            permission["Properties"]!["EventSourceToken"] = Ref("AlexaSkillId");
        }
        else
        {
            permission["Properties"]!["SourceAccount"] = Ref("AWS::AccountId");
        }

        resources[LogicalId(source) + "Permission"] = permission;
    }

    /// <summary>The mapping's pollers stand in the network of the broker.</summary>
    private void Vpc()
    {
        if (Statements.All(statement => statement.Sid != "PollerNetwork"))
        {
            Statement(
                "PollerNetwork",
                ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface", "ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"],
                "*",
                "pollers in the network of the broker; Lambda takes it only on *");
        }
    }

    private void Statement(string sid, string[] actions, string resource, string why)
    {
        var statement = new PolicyStatement(sid, actions, null, why);
        statement.Resources.Add(resource);
        Statements.Add(statement);
    }
}
