namespace FastTrigger.NativeTests;

/// <summary>The local SQS with AWS's own client.</summary>
public sealed class SqsPeerTests
{
    [Fact]
    public async Task Messages_are_sent_hidden_made_visible_and_deleted()
    {
        var modules = Path.Combine(Artifacts.Root, "artifacts", "peers", "node_modules");
        var client = Path.Combine(modules, "@aws-sdk", "client-sqs");
        Assert.True(Directory.Exists(client), $"{client} is missing: ./bootstrap.sh test installs it");
        await using var serve = await LocalServe.StartAsync("--dead-letter-queue", "letters");
        var (_, output, error) = await Artifacts.RunAsync(
            "node",
            ["tests/peers/sqs.mjs", modules, serve.Url, "letters"],
            [.. serve.Keys.Select(pair => (pair.Key, pair.Value))]);
        Assert.True(output == "ok\n", error);
    }
}
