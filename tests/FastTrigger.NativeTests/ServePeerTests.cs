namespace FastTrigger.NativeTests;

/// <summary>Lambda and EventBridge of `fasttrigger serve` with AWS's SDK for JavaScript.</summary>
public sealed class ServePeerTests
{
    [Fact]
    public async Task Functions_have_all_their_names_and_events_are_checked_one_by_one()
    {
        var modules = Path.Combine(Artifacts.Root, "artifacts", "peers", "node_modules");
        var client = Path.Combine(modules, "@aws-sdk", "client-eventbridge");
        Assert.True(Directory.Exists(client), $"{client} is missing: ./bootstrap.sh test installs it");
        await using var serve = await LocalServe.StartAsync();
        var (_, output, error) = await Artifacts.RunAsync(
            "node",
            ["tests/peers/serve.mjs", modules, serve.Url],
            [.. serve.Keys.Select(pair => (pair.Key, pair.Value))]);
        Assert.True(output == "ok\n", error);
    }
}
