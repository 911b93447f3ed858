using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>Settings of the action call that are refused when the routes are read.</summary>
public sealed class CallSettingsTests
{
    [Theory]
    [InlineData("\"url\":\"ftp://x/\"", "begins with tcp:// or tls://")]
    [InlineData("\"url\":\"tcp://host\",\"message\":\"x\"", "followed by host:port")]
    [InlineData("\"url\":\"tls://host:1\"", "call needs 'message'")]
    [InlineData("\"url\":\"tls://host:1\",\"message\":\"x\",\"method\":\"PUT\"", "'method' belongs to https://")]
    [InlineData("\"url\":\"tls://host:1\",\"message\":\"x\",\"expect\":{\"status\":200}", "'status' belongs to https://")]
    [InlineData("\"url\":\"https://${event.detail.host}/\"", "may not go here")]
    [InlineData("\"url\":\"https://x/\",\"headers\":{\"Host\":\"y\"}", "set by FastTrigger itself")]
    [InlineData("\"url\":\"https://x/\",\"headers\":{\"a b\":\"y\"}", "letters, digits and hyphens")]
    [InlineData("\"url\":\"https://x/\",\"tls\":{\"certificateFile\":\"nowhere.pem\"}", "there is no nowhere.pem")]
    [InlineData("\"url\":\"https://x/\",\"expect\":{}", "at least one of status, prefix and contains")]
    [InlineData("\"url\":\"https://x/\",\"hmac\":{}", "hmac needs 'secret'")]
    [InlineData("\"url\":\"https://x/\",\"hmac\":{\"secret\":\"${event.detail.x}\"}", "may not go here")]
    [InlineData("\"url\":\"https://x/\",\"once\":{\"per\":\"server\"}", "'per' takes \"event\"")]
    public void Settings_that_contradict_each_other_are_an_error_C1_1(string settings, string problem)
    {
        var routes = RouterFixture.Route("{\"call\":{" + settings + "}}");
        Assert.Null(RoutesText.Read(routes, out var problems));
        Assert.Contains(problem, problems, StringComparison.Ordinal);
    }
}
