namespace FastTrigger.NativeTests;

/// <summary>The local SQS and AWS's own client for it.</summary>
public sealed class SqsPeerTests
{
    [Fact]
    public async Task Messages_are_sent_hidden_given_back_and_deleted()
    {
        var modules = Path.Combine(Artifacts.Root, "artifacts", "peers", "node_modules");
        Assert.True(Directory.Exists(Path.Combine(modules, "@aws-sdk", "client-sqs")), $"{modules} is missing: ./bootstrap.sh test installs it");
        await using var serve = await LocalServe.StartAsync("--dead-letter-queue", "letters");
        var (_, output, error) = await Artifacts.RunAsync("node", ["tests/peers/sqs.mjs", modules, serve.Url, "letters"], [.. serve.Keys.Select(pair => (pair.Key, pair.Value))]);
        Assert.True(output == "ok\n", error);
    }
}
