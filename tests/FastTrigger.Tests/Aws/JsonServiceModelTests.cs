using FastTrigger.Aws.CodePipeline;
using FastTrigger.Aws.Config;
using FastTrigger.Aws.DynamoDb;
using FastTrigger.Aws.Ssm;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Aws;

/// <summary>Requests in JSON have the names, types and limits of the services' models.</summary>
public sealed class JsonServiceModelTests
{
    private const string Id = "i-0123456789abcdef0";

    [Fact]
    public async Task Requests_to_Systems_Manager_are_those_of_its_model()
    {
        await using var aws = await AwsFixture.StartAsync(new WorldFile
        {
            Instances = [new() { Id = Id, Tags = new Dictionary<string, string> { ["Role"] = "pump" } }],
            Documents = [new() { Name = "Plant-Restart", Parameters = ["Valve", "Ids"] }],
            Parameters = new Dictionary<string, string> { ["/plant/key"] = "secret" },
        });
        var command = new SendCommandRequest
        {
            DocumentName = "AWS-RunShellScript",
            DocumentVersion = "$LATEST",
            DocumentHash = new string('a', 64),
            Targets = [("tag:Role", ["pump"])],
            Parameters = [("commands", ["true"]), ("executionTimeout", ["60"]), ("workingDirectory", ["/tmp"])],
            Comment = "comment",
            MaxConcurrency = "50%",
            MaxErrors = "0",
            DeliveryTimeoutSeconds = 60,
            OutputS3BucketName = "plant-output",
            OutputS3KeyPrefix = "valves/",
            CloudWatchLogGroup = "/plant/commands",
            ServiceRoleArn = "arn:aws:iam::123456789012:role/notify",
            Notification = new("arn:aws:sns:us-east-1:123456789012:commands", ["Failed", "TimedOut"], "Invocation"),
            Alarm = new("plant-alarm", IgnorePollFailure: true),
        };
        Assert.Null(aws.Ssm.SendCommand(command, Exchange.Soon, out var id));
        Assert.Null(aws.Ssm.SendCommand(command with { Targets = [], InstanceIds = [Id] }, Exchange.Soon, out _));
        Assert.Null(aws.Ssm.ListCommands(id, [], Exchange.Soon));
        aws.World.PageSize = 1;
        var since = DateTimeOffset.UtcNow.AddMinutes(-5).ToUnixTimeMilliseconds();
        Assert.Null(aws.Ssm.ListCommands("AWS-RunShellScript", since, [], Exchange.Soon));
        Assert.Null(aws.Ssm.ListCommandInvocations(id, [], Exchange.Soon));
        Assert.Null(aws.Ssm.DescribeInstanceInformation([Id], [], Exchange.Soon));
        Assert.Null(aws.Ssm.CancelCommand(id, Exchange.Soon));
        Assert.Null(aws.Shared.Parameters.Get(aws.Client, aws.Shared.Settings.Clock, "us-east-1", "/plant/key", Exchange.Soon, out _));
        var automation = new AutomationClient(aws.Client, "us-east-1");
        var start = new StartAutomationRequest
        {
            DocumentName = "Plant-Restart",
            DocumentVersion = "1",
            Parameters = [("Valve", ["V-17"])],
            ClientToken = "01234567-89ab-8def-8123-456789abcdef",
            TargetParameterName = "Ids",
            Targets = [("tag:Role", ["pump"])],
            MaxConcurrency = "1",
            MaxErrors = "0",
        };
        Assert.Null(automation.StartAutomationExecution(start, Exchange.Soon, out var execution));
        Assert.Null(automation.GetAutomationExecution(execution, Exchange.Soon, out _));

        Assert.Contains(aws.World.Calls, call => call.Parameters["NextToken"] is not null);
        CheckCalls(aws, ServiceModel.Load("ssm", "2014-11-06"), "1.1", "AmazonSSM");
    }

    [Fact]
    public async Task Requests_to_DynamoDB_are_those_of_its_model()
    {
        await using var aws = await AwsFixture.StartAsync(new WorldFile { Tables = ["once"] });
        var table = new DynamoDbClient(aws.Client, "us-east-1");
        var condition = new Condition(
            "attribute_not_exists(id) OR (#s = :s AND expiration < :n)",
            [("#s", "status")],
            [new(":s", "S", "INPROGRESS"), new(":n", "N", "12")]);
        var held = new Condition("#s = :s", [("#s", "status")], [new(":s", "S", "INPROGRESS")]);
        AttributeValue[] entry = [new("id", "S", "a"), new("expiration", "N", "13"), new("status", "S", "INPROGRESS")];
        Assert.Null(table.PutItem(writer => DynamoDbClient.WritePut(writer, "once", entry, condition), Exchange.Soon));
        Assert.Equal(
            DynamoDbClient.ConditionFailed,
            table.PutItem(writer => DynamoDbClient.WritePut(writer, "once", entry[..1], condition), Exchange.Soon)!.Code);
        Assert.Null(table.GetItem("once", "a", Exchange.Soon, out var item));
        Assert.Equal(("13", "INPROGRESS"), (DynamoDbClient.Text(item, "expiration"u8), DynamoDbClient.Text(item, "status"u8)));
        Assert.Null(table.DeleteItem("once", "a", held, Exchange.Soon));
        Assert.Null(table.GetItem("once", "a", Exchange.Soon, out item));
        Assert.Equal(JsonValueKind.Undefined, item.ValueKind);
        CheckCalls(aws, ServiceModel.Load("dynamodb", "2012-08-10"), "1.0", "DynamoDB_20120810");
    }

    [Fact]
    public async Task Requests_to_CodePipeline_are_those_of_its_model()
    {
        await using var aws = await AwsFixture.StartAsync();
        var client = new CodePipelineClient(aws.Client, "us-east-1");
        Assert.Null(client.PutJobSuccessResult("11111111-abcd-1111-abcd-111111abcdef", Exchange.Soon));
        Assert.Null(client.PutJobFailureResult("22222222-abcd-1111-abcd-111111abcdef", "why", "request-1", Exchange.Soon));
        CheckCalls(aws, ServiceModel.Load("codepipeline", "2015-07-09"), "1.1", "CodePipeline_20150709");
    }

    [Fact]
    public async Task Requests_to_Config_are_those_of_its_model()
    {
        await using var aws = await AwsFixture.StartAsync();
        var client = new ConfigClient(aws.Client, "us-east-1");
        Assert.Null(client.PutEvaluations(
            new("AWS::EC2::Instance", Id, "NON_COMPLIANT", "why", 1_795_185_121_262),
            "token",
            Exchange.Soon));
        CheckCalls(aws, ServiceModel.Load("config", "2014-11-12"), "1.1", "StarlingDoveService");
    }

    private static void CheckCalls(AwsFixture aws, ServiceModel model, string jsonVersion, string targetPrefix)
    {
        Assert.Equal((jsonVersion, targetPrefix), (model.Metadata("jsonVersion"), model.Metadata("targetPrefix")));
        foreach (var call in aws.World.Calls)
        {
            model.CheckInput(call.Operation, call.Parameters);
        }
    }
}
