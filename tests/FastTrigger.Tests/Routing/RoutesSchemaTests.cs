using System.Diagnostics;
using FastTrigger.Tests.Support;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Tests.Routing;

/// <summary>The schema that editors complete routes.json with says what the function says (C1.1).</summary>
public sealed class RoutesSchemaTests
{
    private static readonly string s_schema = Path.Combine(TestEnvironment.Root, "build", "routes.schema.json");

    [Theory]
    [InlineData("build/demo/routes.json", true)]
    [InlineData("build/coldstart/tag-routes.json", true)]
    [InlineData("""{"routes":[{"name":"a","when":{"x":["y"]},"do":[{"tag":{"tags":{"a":"b"},"owner":"x"}}]}]}""", false)]
    [InlineData("""{"routes":[{"name":"a","do":[{"tag":{"tags":{"a":"b"}}}]}]}""", false)]
    [InlineData("""{"routes":[{"name":"a","when":{"x":["y"]},"do":[{"reboot":{}}]}]}""", false)]
    [InlineData("""{"routes":[],"retries":3}""", false)]
    public async Task A_validator_of_others_agrees(string routes, bool valid)
    {
        var file = routes.StartsWith('{') ? Path.GetTempFileName() : Path.Combine(TestEnvironment.Root, routes);
        if (routes.StartsWith('{'))
        {
            await File.WriteAllTextAsync(file, routes, TestContext.Current.CancellationToken);
        }

        string[] arguments = ["-W", "ignore", "-m", "jsonschema", "-i", file, s_schema];
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", arguments) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True((process.ExitCode == 0) == valid, error);
        Assert.DoesNotContain("No module", error, StringComparison.Ordinal);
        Assert.Equal(valid, RoutesText.Read(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), out _) is not null);
    }

    [Theory]
    [InlineData("tag", """{"tags":{"a":"b"},"?":1}""")]
    [InlineData("run-command", """{"targets":{"tag:a":["b"]},"commands":["true"],"?":1}""")]
    [InlineData("run-automation", """{"document":"Plant-Restart","?":1}""")]
    [InlineData("call", """{"url":"https://x/","?":1}""")]
    [InlineData("check-website", """{"url":"https://x/","?":1}""")]
    [InlineData("handler", """{"name":"x","?":1}""")]
    public void An_actions_keys_in_the_schema_are_those_it_takes(string action, string settings)
    {
        RoutesText.Read(
            "{\"routes\":[{\"name\":\"a\",\"when\":{\"x\":[\"y\"]},\"do\":[{\"" + action + "\":" + settings + "}]}]}",
            out var problems);
        Assert.Equal(Keys(action), Taken(problems));
    }

    [Fact]
    public void The_keys_of_file_allow_route_and_once_are_those_that_are_taken()
    {
        RoutesText.Read(
            """
            {"routes":[{"name":"a","when":{"x":["y"]},
             "do":[{"run-command":{"targets":{"tag:a":["b"]},"commands":["true"],"once":{"?":1}}}]}]}
            """,
            out var problems);
        Assert.Equal(["by", "interrupted", "per"], Taken(problems));
        RoutesText.Read("""{"allow":{"?":1},"routes":[{"name":"a","when":{"x":["y"]},"do":[{"tag":{"tags":{"a":"b"}}}]}]}""", out problems);
        Assert.Equal(Keys("allow"), Taken(problems));
        RoutesText.Read("""{"routes":[{"name":"a","when":{"x":["y"]},"?":1,"do":[{"tag":{"tags":{"a":"b"}}}]}]}""", out problems);
        Assert.Equal(Keys("route"), Taken(problems));
        RoutesText.Read("""{"?":1,"routes":[{"name":"a","when":{"x":["y"]},"do":[{"tag":{"tags":{"a":"b"}}}]}]}""", out problems);
        Assert.Equal(Schema()["properties"]!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal), Taken(problems));
    }

    private static JsonNode Schema() => JsonNode.Parse(File.ReadAllText(s_schema))!;

    private static IEnumerable<string> Keys(string definition) =>
        Schema()["$defs"]![definition]!["properties"]!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal);

    /// <summary>"... it takes a, b, c"</summary>
    private static IEnumerable<string> Taken(string problems) =>
        problems[(problems.IndexOf("it takes ", StringComparison.Ordinal) + 9)..].Split(", ").Order(StringComparer.Ordinal);
}
