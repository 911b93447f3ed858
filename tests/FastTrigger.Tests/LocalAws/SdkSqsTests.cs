using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.LocalAws;

/// <summary>The local SQS with the client of AWS's SDK for .NET, which compares the checksums with its own.</summary>
public sealed class SdkSqsTests : IAsyncLifetime
{
    private AwsFixture _aws = null!;
    private AmazonSQSClient _sqs = null!;

    public async ValueTask InitializeAsync()
    {
        _aws = await AwsFixture.StartAsync(new WorldFile
        {
            Queues = new Dictionary<string, IReadOnlyList<string>> { ["letters"] = [] },
        });
        _sqs = new(
            new BasicAWSCredentials(LocalKeys.AccessKeyId, LocalKeys.SecretAccessKey),
            new AmazonSQSConfig { ServiceURL = _aws.Server.HttpUrl, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 });
    }

    public async ValueTask DisposeAsync()
    {
        _sqs.Dispose();
        await _aws.DisposeAsync();
    }

    [Fact]
    public async Task Optional_members_are_honoured()
    {
        var send = new SendMessageRequest(Url, "tank ü\r\n<high>")
        {
            DelaySeconds = 900,
            MessageGroupId = "plant",
            MessageAttributes = new()
            {
                ["Level"] = new() { DataType = "Number", StringValue = "42" },
                ["Picture"] = new() { DataType = "Binary.png", BinaryValue = new MemoryStream([1, 2, 3]) },
            },
            MessageSystemAttributes = new() { ["AWSTraceHeader"] = new() { DataType = "String", StringValue = "Root=1" } },
        };
        await _sqs.SendMessageAsync(send, Token);
        var counts = await _sqs.GetQueueAttributesAsync(new GetQueueAttributesRequest(Url, ["ApproximateNumberOfMessagesDelayed"]), Token);
        Assert.Equal("1", Assert.Single(counts.Attributes).Value);
        Assert.Empty((await ReceiveAsync()).Messages ?? []);

        send.DelaySeconds = 0;
        var sent = await _sqs.SendMessageAsync(send, Token);
        var received = Assert.Single((await ReceiveAsync("All")).Messages);
        Assert.Equal((sent.MessageId, send.MessageBody), (received.MessageId, received.Body));
        Assert.Equal(("Root=1", "plant", "1"), (
            received.Attributes["AWSTraceHeader"], received.Attributes["MessageGroupId"], received.Attributes["ApproximateReceiveCount"]));
        Assert.Equal([1, 2, 3], received.MessageAttributes["Picture"].BinaryValue.ToArray());
        var all = await _sqs.GetQueueAttributesAsync(new GetQueueAttributesRequest(Url, ["All"]), Token);
        Assert.Equal("arn:aws:sqs:us-east-1:123456789012:letters", all.QueueARN);
        Assert.Empty((await _sqs.GetQueueAttributesAsync(new GetQueueAttributesRequest(Url, []), Token)).Attributes ?? []);
    }

    [Fact]
    public async Task A_receiver_that_waits_gets_the_message_that_comes_meanwhile()
    {
        var receiving = _sqs.ReceiveMessageAsync(new ReceiveMessageRequest(Url) { WaitTimeSeconds = 20 }, Token);
        // Another receiver has been answered since, so the first one waits.
        Assert.Empty((await ReceiveAsync()).Messages ?? []);
        Assert.False(receiving.IsCompleted);
        await _sqs.SendMessageAsync(Url, "late", Token);
        Assert.Equal("late", Assert.Single((await receiving).Messages).Body);
    }

    [Fact]
    public async Task Errors_are_those_of_SQS()
    {
        await Assert.ThrowsAsync<QueueDoesNotExistException>(() => _sqs.SendMessageAsync(Url + "-none", "x", Token));
        Assert.Equal("InvalidParameterValue", await ErrorAsync(new(Url, "x") { DelaySeconds = 901 }));
        Assert.Equal("InvalidParameterValue", await ErrorAsync(new(Url, "x") { MessageDeduplicationId = "1" }));
        Assert.Equal("MissingParameter", await ErrorAsync(new(Url, "")));
        Assert.Equal("InvalidMessageContents", await ErrorAsync(new(Url, "\u0001")));
        Assert.Equal("InvalidParameterValue", await ErrorAsync(new(Url, "x")
        {
            MessageAttributes = new() { ["a"] = new() { DataType = "Text", StringValue = "x" } },
        }));
        var unknown = new GetQueueAttributesRequest(Url, ["Nonsense"]);
        await Assert.ThrowsAsync<InvalidAttributeNameException>(() => _sqs.GetQueueAttributesAsync(unknown, Token));
        var receive = await Assert.ThrowsAnyAsync<AmazonSQSException>(() => ReceiveAsync("Nonsense"));
        Assert.Contains("Unknown Attribute Nonsense", receive.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Url => _aws.Server.HttpUrl + "/123456789012/letters";

    private Task<ReceiveMessageResponse> ReceiveAsync(params string[] attributes) => _sqs.ReceiveMessageAsync(
        new ReceiveMessageRequest(Url)
        {
            MessageAttributeNames = ["Lev.*", "Picture"],
            MessageSystemAttributeNames = [.. attributes],
            ReceiveRequestAttemptId = "1",
        },
        Token);

    private async Task<string> ErrorAsync(SendMessageRequest request) =>
        (await Assert.ThrowsAnyAsync<AmazonSQSException>(() => _sqs.SendMessageAsync(request, Token))).ErrorCode;
}
