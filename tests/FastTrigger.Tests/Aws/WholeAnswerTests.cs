using FastTrigger.Actions;
using FastTrigger.Actions.Once;
using FastTrigger.Aws;
using FastTrigger.Aws.AutoScaling;
using FastTrigger.Aws.CodePipeline;
using FastTrigger.Aws.Config;
using FastTrigger.Aws.DynamoDb;
using FastTrigger.Aws.Ec2;
using FastTrigger.Aws.Ssm;
using FastTrigger.Aws.Sts;
using FastTrigger.Core;
using FastTrigger.Telemetry;
using FastTrigger.Tests.Actions;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Aws;

/// <summary>Only the whole document of an operation is a success (C5.8). The server answers each request with something else.</summary>
public sealed class WholeAnswerTests
{
    private const string Ok = "HTTP/1.1 200 OK";
    private const string CreateTags = Exchange.Tagged;

    private static readonly Condition s_condition = new("attribute_not_exists(id)", [], []);

    private static readonly Dictionary<AwsOperation, Func<AwsClient, AwsFailure?>> s_calls = new()
    {
        [Ec2Client.Operations.CreateTags] = aws => Ec2(aws).CreateTags([EveryCall.Server], [new("a", "b")], Exchange.Soon),
        [Ec2Client.Operations.DescribeTags] = aws => Ec2(aws).DescribeTags([EveryCall.Server], ["a"], [], Exchange.Soon),
        [Ec2Client.Operations.DescribeInstances] = aws => Ec2(aws).DescribeInstances([], [EveryCall.Server], [], Exchange.Soon),
        [Ec2Client.Operations.StartInstances] = aws => Change(aws, Ec2Client.Operations.StartInstances),
        [Ec2Client.Operations.StopInstances] = aws => Change(aws, Ec2Client.Operations.StopInstances),
        [Ec2Client.Operations.RebootInstances] = aws => Change(aws, Ec2Client.Operations.RebootInstances),
        [Ec2Client.Operations.TerminateInstances] = aws => Change(aws, Ec2Client.Operations.TerminateInstances),
        [SsmClient.Operations.SendCommand] = aws => Ssm(aws).SendCommand(
            new() { DocumentName = "AWS-RunShellScript", InstanceIds = [EveryCall.Server] },
            Exchange.Soon,
            out _),
        [SsmClient.Operations.CancelCommand] = aws => Ssm(aws).CancelCommand("id", Exchange.Soon),
        [SsmClient.Operations.ListCommands] = aws => Ssm(aws).ListCommands("id", [], Exchange.Soon),
        [SsmClient.Operations.ListCommandInvocations] = aws => Ssm(aws).ListCommandInvocations("id", [], Exchange.Soon),
        [SsmClient.Operations.DescribeInstanceInformation] = aws =>
            Ssm(aws).DescribeInstanceInformation([EveryCall.Server], [], Exchange.Soon),
        [AutomationClient.Operations.StartAutomationExecution] = aws => new AutomationClient(aws, "us-east-1")
            .StartAutomationExecution(new() { DocumentName = "Plant-Restart", ClientToken = "t" }, Exchange.Soon, out _),
        [AutomationClient.Operations.GetAutomationExecution] = aws => new AutomationClient(aws, "us-east-1")
            .GetAutomationExecution("id", Exchange.Soon, out _),
        [ParameterStore.Operations.GetParameter] = aws => new ParameterStore()
            .Get(aws, Clock.System, "us-east-1", "/a", Exchange.Soon, out _),
        [DynamoDbClient.Operations.PutItem] = aws => Table(aws)
            .PutItem(static writer => DynamoDbClient.WritePut(writer, "once", [new("id", "S", "1")], s_condition), Exchange.Soon),
        [DynamoDbClient.Operations.DeleteItem] = aws => Table(aws).DeleteItem("once", "1", s_condition, Exchange.Soon),
        [DynamoDbClient.Operations.GetItem] = aws => Table(aws).GetItem("once", "1", Exchange.Soon, out _),
        [AutoScalingClient.Operations.CompleteLifecycleAction] = aws => new AutoScalingClient(aws, "us-east-1")
            .CompleteLifecycleAction("pumps", "hook", "token", "CONTINUE", Exchange.Soon),
        [AutoScalingClient.Operations.DescribeTags] = aws => new AutoScalingClient(aws, "us-east-1")
            .DescribeTag("pumps", "Owner", Exchange.Soon, out _),
        [CodePipelineClient.Operations.PutJobSuccessResult] = aws => new CodePipelineClient(aws, "us-east-1")
            .PutJobSuccessResult("job", Exchange.Soon),
        [CodePipelineClient.Operations.PutJobFailureResult] = aws => new CodePipelineClient(aws, "us-east-1")
            .PutJobFailureResult("job", "why", "id", Exchange.Soon),
        [ConfigClient.Operations.PutEvaluations] = aws => new ConfigClient(aws, "us-east-1")
            .PutEvaluations(new("AWS::EC2::Instance", EveryCall.Server, "COMPLIANT", "", 0), "token", Exchange.Soon),
        [StsClient.Operations.AssumeRole] = aws => new StsClient(aws, "us-east-1")
            .AssumeRole(new("arn:aws:iam::123456789012:role/Own", "session", null, []), Exchange.Soon, out _),
    };

    /// <summary>The answer, and whether it is whole for an operation without an output.</summary>
    public static TheoryData<string, string, bool> Broken => new()
    {
        { Ok, "", true },
        { "HTTP/1.1 204 No Content", "", false },
        { "HTTP/1.1 202 Accepted", CreateTags, false },
        { Ok, "<html><head><title>Sign in</title></head><body><p>return<br></p></body></html>", false },
        { Ok, CreateTags[..^5], false },
        { Ok, CreateTags + CreateTags, false },
        { Ok, "<CreateTagsResponse><a><return>true</return></a></CreateTagsResponse>", false },
        { Ok, "<CreateTagsResponse><b><return>true</b></return></CreateTagsResponse>", false },
        { Ok, "<CreateTagsResponse><return>false</return></CreateTagsResponse>", false },
        { Ok, "<Response><Errors><Error><Code>InternalError</Code><Message>x</Message></Error></Errors></Response>", false },
        { Ok, "<DescribeTagsResponse><tagSet><item><resourceId>i-1</resourceId>", false },
        { Ok, "<DescribeTagsResponse></DescribeTagsResponse>", false },
        { Ok, """{"__type":"InternalServerError","message":"x"}""", false },
        { Ok, """{"ok":true}""", false },
        { Ok, """{"Command":{"CommandId":""", false },
        { Ok, """{"Command":[],"Commands":{},"Parameter":"x","AutomationExecutionId":1,"AutomationExecution":null}""", false },
        { Ok, "[]", false },
        { Ok, "null", false },
        { Ok, "\"done\"", false },
    };

    [Fact]
    public void Every_operation_that_a_client_states_is_called_here() =>
        Assert.Equal(EveryCall.StatedOperations.ToHashSet(), s_calls.Keys.ToHashSet());

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task No_operation_takes_anything_else_for_its_answer_C5_8(string status, string body, bool isNothing)
    {
        await using var server = Answering(status, body);
        foreach (var (operation, call) in s_calls)
        {
            using var client = new AwsClient(Shared(server));
            var failure = call(client);
            if (isNothing && ReferenceEquals(operation.Answer, WholeAnswer.Nothing))
            {
                Assert.Null(failure);
                continue;
            }

            Assert.True(failure is not null, operation.ToString());
            Assert.Equal((AwsFailureKind.ServerFault, true), (failure.Kind, failure.Sent));
            Assert.Contains(operation.Name, failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task No_action_is_done_on_anything_else_C5_8(string status, string body, bool _)
    {
        await using var server = Answering(status, body);
        var shared = Shared(server);
        var table = EveryCall.Table;
        foreach (var route in table.Routes.Where(route => route.Actions[0].Calls.Count > 0))
        {
            using var client = new AwsClient(shared);
            var result = route.Actions[0].Run(Context(shared, client, route.Name, table.Allow));
            Assert.True(result.Outcome is Outcome.Retry or Outcome.Failed, $"{route.Name}: {result.Outcome}, {result.Detail}");
        }

        using var guard = new AwsClient(shared);
        Assert.Equal(Seen.Unknown, ReplayGuard.Look(Context(shared, guard, "r", table.Allow), "key", 60, "x", out var refused));
        Assert.Equal(Outcome.Retry, refused.Outcome);
    }

    [Fact]
    public async Task A_call_that_may_be_done_twice_is_repeated_after_a_broken_answer_on_a_new_connection_C5_8()
    {
        await using var server = new SocketServer(async (index, stream, token) =>
        {
            while (await SocketServer.ReadRequestAsync(stream, token) is not null)
            {
                await stream.WriteAsync(Response(Ok, index == 0 ? CreateTags[..^5] : CreateTags), token);
            }
        });
        using var client = new AwsClient(new(Settings(server)));
        Assert.Null(s_calls[Ec2Client.Operations.CreateTags](client));
        Assert.Equal(2, server.Accepted);
    }

    private static AwsFailure? Change(AwsClient aws, AwsOperation operation) =>
        Ec2(aws).Change(operation, [EveryCall.Server], [], Exchange.Soon);

    private static Ec2Client Ec2(AwsClient aws) => new(aws, "us-east-1");

    private static SsmClient Ssm(AwsClient aws) => new(aws, "us-east-1");

    private static DynamoDbClient Table(AwsClient aws) => new(aws, "us-east-1");

    private static SocketServer Answering(string status, string body) => new(async (_, stream, token) =>
    {
        while (await SocketServer.ReadRequestAsync(stream, token) is not null)
        {
            await stream.WriteAsync(Response(status, body), token);
        }
    });

    private static byte[] Response(string status, string body) => Encoding.UTF8.GetBytes(
        status.Contains("204", StringComparison.Ordinal)
            ? $"{status}\r\n\r\n"
            : $"{status}\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    private static FastTrigger.Configuration.Settings Settings(SocketServer server) =>
        TestEnvironment.Settings(("AWS_ENDPOINT_URL", $"http://127.0.0.1:{server.Port}"), ("FASTTRIGGER_ONCE_TABLE", "once"));

    private static AwsShared Shared(SocketServer server) => new AwsShared(Settings(server)).WithoutRetries();

    private static ActionContext Context(AwsShared shared, AwsClient client, string route, Allow allow) => new()
    {
        Item = Items.Read(EveryCall.Event),
        RouteName = route,
        ActionIndex = 0,
        Invocation = Items.Invocation(EveryCall.Event),
        Deadline = Deadline.In(Clock.System, 2_000),
        Shared = shared,
        Aws = client,
        Allow = allow,
        Log = new Log(json: true, LogLevel.Fatal, Clock.System, descriptor: -1),
        Abandon = _ => { },
    };
}
