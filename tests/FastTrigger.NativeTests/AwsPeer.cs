namespace FastTrigger.NativeTests;

/// <summary>AWS's SDK for JavaScript, which a script of tests/peers drives against `fasttrigger serve`.</summary>
internal static class AwsPeer
{
    /// <param name="script">The name of the script, which ends with "ok".</param>
    /// <param name="package">The client that it uses.</param>
    public static async Task RunAsync(LocalServe serve, string script, string package, params string[] arguments)
    {
        var modules = Path.Combine(Artifacts.Root, "artifacts", "peers", "node_modules");
        var client = Path.Combine(modules, "@aws-sdk", package);
        Assert.True(Directory.Exists(client), $"{client} is missing: ./bootstrap.sh test installs it");
        var (_, output, error) = await Artifacts.RunAsync(
            "node",
            [$"tests/peers/{script}", modules, serve.Url, .. arguments],
            [.. serve.Keys.Select(pair => (pair.Key, pair.Value))]);
        Assert.True(output == "ok\n", error);
    }
}
