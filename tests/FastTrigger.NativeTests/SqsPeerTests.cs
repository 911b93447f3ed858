namespace FastTrigger.NativeTests;

/// <summary>The local SQS with AWS's own client.</summary>
public sealed class SqsPeerTests
{
    [Fact]
    public async Task Messages_are_sent_hidden_made_visible_and_deleted()
    {
        await using var serve = await LocalServe.StartAsync("--dead-letter-queue", "letters");
        await AwsPeer.RunAsync(serve, "sqs.mjs", "client-sqs", "letters");
    }
}
