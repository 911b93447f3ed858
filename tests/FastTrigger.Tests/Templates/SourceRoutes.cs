namespace FastTrigger.Tests.Templates;

/// <summary>A route that takes from a source.</summary>
internal static class SourceRoutes
{
    private const string Do = """[{"check-website":{"url":"https://example.com/"}}]""";

    /// <summary>A route that is named after its source. It takes HTTP requests by a Function URL.</summary>
    public static string Of(string source) => source switch
    {
        "eventbridge" => $$"""{"name":"eventbridge","when":{"source":["x"]},"do":{{Do}} }""",
        "scheduler" => $$"""{"name":"scheduler","schedule":"rate(5 minutes)","do":{{Do}} }""",
        "http" => $$"""{"name":"http","from":["http"],"auth":"none","when":{"x":["y"]},"do":{{Do}} }""",
        _ => $$"""{"name":"{{source}}","from":["{{source}}"],"when":{"x":["y"]},"do":{{Do}} }""",
    };

    /// <summary>A route for the events of schedules that the template does not create.</summary>
    public static string OfOwnSchedules() => $$"""{"name":"own","from":["scheduler"],"when":{"detail":["{}"]},"do":{{Do}} }""";

    /// <summary>A route for HTTP requests whose token an HTTP API verifies.</summary>
    public static string OfTokens() =>
        $$"""{"name":"api","from":["http"],"auth":{"jwt":{"claims":{"scope":["x"]} } },"when":{"x":["y"]},"do":{{Do}} }""";
}
