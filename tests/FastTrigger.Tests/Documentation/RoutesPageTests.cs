using FastTrigger.Actions;
using FastTrigger.Tests.Support;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Tests.Documentation;

/// <summary>docs/routes.md says what the schema of routes.json says. build/docs.sh writes it anew.</summary>
public sealed class RoutesPageTests
{
    private static readonly string s_schema = File.ReadAllText(Path.Combine(TestEnvironment.Root, "build", "routes.schema.json"));

    public static TheoryData<string> Actions => [.. ActionKinds.Names];

    [Fact]
    public void The_page_is_what_the_schema_says()
    {
        var page = RoutesPage.Write(s_schema);
        var file = Path.Combine(TestEnvironment.Root, "docs", "routes.md");
        if (Environment.GetEnvironmentVariable("FASTTRIGGER_WRITE_DOCS") == "true")
        {
            File.WriteAllText(file, page);
        }

        var isSame = File.Exists(file) && File.ReadAllText(file) == page;
        Assert.True(isSame, "docs/routes.md differs from build/routes.schema.json. Run build/docs.sh, which writes the page anew.");
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public void The_example_of_an_action_is_taken(string action)
    {
        var example = Example(action);
        var route = $$$"""{"name":"a","when":{"x":["y"]},"do":[{"{{{action}}}": {{{example}}} }]}""";
        var routes = $$"""{"allow":{"terminate":true},"routes":[{{route}}]}""";
        Assert.True(RoutesText.Read(routes, out var problems) is not null, problems);
    }

    [Fact]
    public void The_examples_of_route_and_auth_are_taken()
    {
        Assert.True(RoutesText.Read($$"""{"routes": [{{Example("route")}}]}""", out var problems) is not null, problems);
        var routes = $$"""
            {"routes":[{"name":"a","from":["http"],"auth": {{Example("auth")}},"when":{"x":["y"]},"do":[{"handler":{"name":"raw"} }]}]}
            """;
        Assert.True(RoutesText.Read(routes, out problems) is not null, problems);
    }

    private static string Example(string definition) =>
        JsonNode.Parse(s_schema)!["$defs"]![definition]!["examples"]![0]!.ToJsonString();
}
