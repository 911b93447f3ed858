using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.LocalAws;

/// <summary>The local AWS with the clients of AWS's SDK for .NET, and the optional members that they may send.</summary>
public sealed class SdkClientTests : IAsyncLifetime
{
    private const string Id = "i-0aaaaaaaaaaaaaaa1";

    private static readonly BasicAWSCredentials s_keys = new(LocalKeys.AccessKeyId, LocalKeys.SecretAccessKey);

    private AwsFixture _aws = null!;

    public async ValueTask InitializeAsync() => _aws = await AwsFixture.StartAsync(new WorldFile
    {
        Instances = [.. Enumerable.Range(1, 7).Select(number => new WorldInstance
        {
            Id = $"i-0aaaaaaaaaaaaaaa{number}",
            Tags = new Dictionary<string, string> { ["Role"] = "pump", ["Name"] = $"pump-{number}" },
        })],
        Documents = [new() { Name = "Plant-Restart", Parameters = ["line"], Milliseconds = 0 }],
        Parameters = new Dictionary<string, string> { ["/plant/key"] = "secret" },
        Roles = [new() { Arn = "arn:aws:iam::210987654321:role/plant", ExternalId = "waterworks" }],
        Tables = ["once"],
    });

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public async Task EC2_takes_dry_runs_pages_and_wildcards()
    {
        using var ec2 = new AmazonEC2Client(s_keys, Configure(new AmazonEC2Config()));
        var create = new CreateTagsRequest([Id], [new("Owner", "carol")]) { DryRun = true };
        var dry = await Assert.ThrowsAsync<AmazonEC2Exception>(() => ec2.CreateTagsAsync(create, Token));
        Assert.Equal(("DryRunOperation", 412), (dry.ErrorCode, (int)dry.StatusCode));
        Assert.False(_aws.World.Resources[Id].ContainsKey("Owner"));
        create.DryRun = false;
        await ec2.CreateTagsAsync(create, Token);

        var describe = new DescribeInstancesRequest { MaxResults = 5, Filters = [new("tag:Name", ["pump-?"]), new("tag-key", ["R*e"])] };
        var first = await ec2.DescribeInstancesAsync(describe, Token);
        describe.NextToken = first.NextToken;
        var second = await ec2.DescribeInstancesAsync(describe, Token);
        Assert.Equal((5, 2), (first.Reservations.Count, second.Reservations.Count));
        Assert.Null(second.NextToken);
        var tags = await ec2.DescribeTagsAsync(new DescribeTagsRequest { Filters = [new("tag:Owner", ["car*"])] }, Token);
        Assert.Equal((Id, "carol"), (Assert.Single(tags.Tags).ResourceId, tags.Tags[0].Value));

        Assert.Equal("InvalidParameterCombination", await EC2ErrorAsync(new() { InstanceIds = [Id], MaxResults = 5 }));
        Assert.Equal("InvalidParameterValue", await EC2ErrorAsync(new() { MaxResults = 4 }));
        Assert.Equal("InvalidNextToken", await EC2ErrorAsync(new() { NextToken = "nonsense" }));
        Assert.Equal("DryRunOperation", await EC2ErrorAsync(new() { DryRun = true, IncludeManagedResources = true }));

        async Task<string> EC2ErrorAsync(DescribeInstancesRequest request) =>
            (await Assert.ThrowsAsync<AmazonEC2Exception>(() => ec2.DescribeInstancesAsync(request, Token))).ErrorCode;
    }

    [Fact]
    public async Task Systems_Manager_takes_filters_ids_and_tokens()
    {
        using var ssm = new AmazonSimpleSystemsManagementClient(s_keys, Configure(new AmazonSimpleSystemsManagementConfig()));
        var sent = await ssm.SendCommandAsync(
            new SendCommandRequest
            {
                DocumentName = "AWS-RunShellScript",
                InstanceIds = [Id, "i-0aaaaaaaaaaaaaaa2"],
                Parameters = new() { ["commands"] = ["sleep 60"] },
                OutputS3Region = "us-east-1",
                TimeoutSeconds = 60,
            },
            Token);
        var id = sent.Command.CommandId;
        Assert.Single((await ssm.ListCommandsAsync(new ListCommandsRequest { InstanceId = Id }, Token)).Commands);
        Assert.Empty((await ssm.ListCommandsAsync(new ListCommandsRequest { InstanceId = "i-0aaaaaaaaaaaaaaa3" }, Token)).Commands ?? []);
        await ssm.CancelCommandAsync(new CancelCommandRequest { CommandId = id, InstanceIds = [Id] }, Token);
        var cancelled = new ListCommandInvocationsRequest { CommandId = id, Filters = [new() { Key = "Status", Value = "Cancelled" }] };
        Assert.True(await EventuallyAsync(async () => (await ssm.ListCommandInvocationsAsync(cancelled, Token)).CommandInvocations is [_]));
        var running = new ListCommandsRequest { CommandId = id, Filters = [new() { Key = "ExecutionStage", Value = "Executing" }] };
        Assert.Single((await ssm.ListCommandsAsync(running, Token)).Commands);
        await ssm.CancelCommandAsync(id, Token);

        var agents = new DescribeInstanceInformationRequest
        {
            InstanceInformationFilterList = [new() { Key = "PingStatus", ValueSet = ["Online"] }],
            MaxResults = 5,
        };
        var page = await ssm.DescribeInstanceInformationAsync(agents, Token);
        agents.NextToken = page.NextToken;
        Assert.Equal(2, (await ssm.DescribeInstanceInformationAsync(agents, Token)).InstanceInformationList.Count);
        agents.NextToken = "nonsense";
        await Assert.ThrowsAsync<InvalidNextTokenException>(() => ssm.DescribeInstanceInformationAsync(agents, Token));
        await Assert.ThrowsAsync<InvalidPluginNameException>(() => ssm.GetCommandInvocationAsync(
            new GetCommandInvocationRequest { CommandId = id, InstanceId = Id, PluginName = "aws:none" },
            Token));
        var start = new StartAutomationExecutionRequest
        {
            DocumentName = "Plant-Restart",
            Parameters = new() { ["line"] = ["north"] },
            ClientToken = new string('a', 37),
            Mode = ExecutionMode.Auto,
            Tags = [new() { Key = "a", Value = "b" }],
        };
        var error = await Assert.ThrowsAsync<AmazonSimpleSystemsManagementException>(() => ssm.StartAutomationExecutionAsync(start, Token));
        Assert.Equal("ValidationException", error.ErrorCode);
        start.ClientToken = Guid.NewGuid().ToString();
        Assert.NotEmpty((await ssm.StartAutomationExecutionAsync(start, Token)).AutomationExecutionId);
    }

    [Fact]
    public async Task DynamoDB_takes_every_type_and_returns_what_is_asked_for()
    {
        using var dynamo = new AmazonDynamoDBClient(s_keys, Configure(new AmazonDynamoDBConfig()));
        var put = new PutItemRequest
        {
            TableName = "once",
            Item = new()
            {
                ["id"] = new("a"),
                ["n"] = new() { N = "1e3" },
                ["on"] = new() { BOOL = true },
                ["none"] = new() { NULL = true },
                ["list"] = new() { L = [new("x"), new() { N = "1" }] },
                ["map"] = new() { M = new() { ["inner"] = new() { SS = ["p", "q"] } } },
                ["bytes"] = new() { B = new MemoryStream([1, 2]) },
            },
            ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
            ReturnItemCollectionMetrics = ReturnItemCollectionMetrics.SIZE,
            ReturnValues = ReturnValue.ALL_OLD,
        };
        var first = await dynamo.PutItemAsync(put, Token);
        Assert.Equal("once", first.ConsumedCapacity.TableName);
        Assert.Empty(first.Attributes ?? []);
        Assert.Equal("1e3", (await dynamo.PutItemAsync(put, Token)).Attributes["n"].N);
        put.ConditionExpression = "NOT (#n > :n) and attribute_exists(id)";
        put.ExpressionAttributeNames = new() { ["#n"] = "n" };
        put.ExpressionAttributeValues = new() { [":n"] = new() { N = "999.5" } };
        put.ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD;
        var failed = await Assert.ThrowsAsync<ConditionalCheckFailedException>(() => dynamo.PutItemAsync(put, Token));
        Assert.Equal(["p", "q"], failed.Item["map"].M["inner"].SS);

        var get = new GetItemRequest
        {
            TableName = "once",
            Key = new() { ["id"] = new("a") },
            ProjectionExpression = "#l, bytes",
            ExpressionAttributeNames = new() { ["#l"] = "list" },
        };
        var item = (await dynamo.GetItemAsync(get, Token)).Item;
        Assert.Equal(["bytes", "list"], item.Keys.Order());
        Assert.Equal([1, 2], item["bytes"].B.ToArray());
        put.ExpressionAttributeNames = new() { ["#m"] = "n" };
        var invalid = await Assert.ThrowsAsync<AmazonDynamoDBException>(() => dynamo.PutItemAsync(put, Token));
        Assert.Equal("ValidationException", invalid.ErrorCode);
        Assert.Contains("attribute name: #n", invalid.Message, StringComparison.Ordinal);
        var delete = new DeleteItemRequest { TableName = "once", Key = get.Key, ReturnValues = ReturnValue.ALL_OLD };
        Assert.Equal("a", (await dynamo.DeleteItemAsync(delete, Token)).Attributes["id"].S);
    }

    [Fact]
    public async Task STS_takes_every_member_and_refuses_what_is_out_of_range()
    {
        using var sts = new AmazonSecurityTokenServiceClient(s_keys, Configure(new AmazonSecurityTokenServiceConfig()));
        var assume = new AssumeRoleRequest
        {
            RoleArn = "arn:aws:iam::210987654321:role/plant",
            RoleSessionName = "me",
            ExternalId = "waterworks",
            DurationSeconds = 900,
            Policy = "{}",
            PolicyArns = [new() { Arn = "arn:aws:iam::aws:policy/ReadOnlyAccess" }],
            Tags = [new() { Key = "a", Value = "b" }],
            TransitiveTagKeys = ["a"],
            SourceIdentity = "carol",
        };
        var assumed = await sts.AssumeRoleAsync(assume, Token);
        Assert.Equal(("me", "carol"), (assumed.AssumedRoleUser.Arn.Split('/')[^1], assumed.SourceIdentity));
        assume.DurationSeconds /= 15;
        var error = await Assert.ThrowsAsync<AmazonSecurityTokenServiceException>(() => sts.AssumeRoleAsync(assume, Token));
        Assert.Equal("ValidationError", error.ErrorCode);
        Assert.Contains("at 'durationSeconds' failed to satisfy constraint", error.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private T Configure<T>(T config)
        where T : ClientConfig
    {
        config.ServiceURL = _aws.Server.HttpUrl;
        config.AuthenticationRegion = "us-east-1";
        config.MaxErrorRetry = 0;
        return config;
    }

    private static async Task<bool> EventuallyAsync(Func<Task<bool>> holds)
    {
        for (var tries = 0; tries < 500; tries++)
        {
            if (await holds())
            {
                return true;
            }
        }

        return false;
    }
}
