namespace FastTrigger.NativeTests;

/// <summary>The local Lambda with AWS's own runtime interface client (aws-lambda-ric of npm).</summary>
public sealed class RuntimeClientPeerTests
{
    private static string Bootstrap => Artifacts.Existing("tests/peers/ric/bootstrap");

    [Fact]
    public async Task AWSs_client_is_given_events_and_its_streamed_answers_and_failures_are_taken()
    {
        Assert.True(
            Directory.Exists(Path.Combine(Artifacts.Root, "artifacts/peers/node_modules/aws-lambda-ric")),
            "aws-lambda-ric is missing: ./bootstrap.sh test installs it");
        await using var function = await NativeFunction.StartAsync(bootstrap: Bootstrap);
        foreach (var tank in (string[])["north", "süd"])
        {
            var (document, errorType) = await function.InvokeAsync($$"""{"tank":"{{tank}}"}""");
            Assert.Null(errorType);
            Assert.Equal(tank, document.Text("tank"));
            Assert.Equal("arn:aws:lambda:us-east-1:123456789012:function:fasttrigger", document.Text("arn"));
            Assert.Equal(36, document.Text("id").Length);
        }

        foreach (var (fail, type, message) in ((string, string, string)[])
            [("early", "TypeError", "the tank is dry"), ("late", "RangeError", "the pump stopped")])
        {
            var (document, errorType) = await function.InvokeAsync($$"""{"tank":"north","fail":"{{fail}}"}""");
            Assert.Equal(type, errorType);
            Assert.Equal((type, message), (document.Text("errorType"), document.Text("errorMessage")));
        }

        Assert.Null((await function.InvokeAsync("""{"tank":"north"}""")).ErrorType);
    }
}
