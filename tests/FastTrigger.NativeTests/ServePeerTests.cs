namespace FastTrigger.NativeTests;

/// <summary>Lambda and EventBridge of `fasttrigger serve` with AWS's SDK for JavaScript.</summary>
public sealed class ServePeerTests
{
    [Fact]
    public async Task Functions_have_all_their_names_and_events_are_checked_one_by_one()
    {
        await using var serve = await LocalServe.StartAsync();
        await AwsPeer.RunAsync(serve, "serve.mjs", "client-eventbridge");
    }
}
