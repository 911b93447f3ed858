using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Dispatch;

/// <summary>What tests of HTTP requests share: a world, routes, and how an answer is read.</summary>
internal static class HttpRoutes
{
    public const string Key = "of the plant", Instance = "i-0aaaaaaaaaaaaaaa1";

    public const string Post = """{"httpMethod":["POST"]}""";

    /// <summary>A pattern that every request matches.</summary>
    public const string Every = """{"isBase64Encoded":[true,false]}""";

    /// <summary>Samples that are one request, as each kind of sender brings it.</summary>
    public static readonly string[] Requests = ["http", "http-url", "http-1.0", "http-rest", "http-alb", "http-alb-lists"];

    public static WorldFile World { get; } = new()
    {
        Sites = [new() { Path = "/up", Status = 200, Body = "good" }],
        Parameters = new Dictionary<string, string> { ["/plant/hmac"] = Key },
        Tables = ["once"],
        Documents = [new() { Name = "Plant-Restart", Script = "true" }],
        Instances = [new() { Id = Instance, Tags = new Dictionary<string, string> { ["Role"] = "pump-controller" } }],
    };

    public static Task<RouterFixture> StartAsync(string routes, WorldFile? world = null) =>
        RouterFixture.StartAsync(routes, world ?? World, ("FASTTRIGGER_ONCE_TABLE", "once"));

    public static string Routes(string auth, string when, string action = """{"check-website":{"url":"${env.SITE}up"}}""") => $$$"""
        {"allow":{"hosts":["localhost"]},"routes":[{"name":"r","from":["http"],"auth":{{{auth}}},"when":{{{when}}},
         "do":[{{{action}}}]}]}
        """;

    public static (int Status, string Outcome) Status((JsonElement Answer, FastTrigger.Runtime.RuntimeError? Error, bool Exit) handled)
    {
        Assert.Null(handled.Error);
        var body = JsonDocument.Parse(handled.Answer.GetProperty("body").GetString()!).RootElement;
        Assert.Equal("request-1", body.GetProperty("correlationId").GetString());
        return (handled.Answer.GetProperty("statusCode").GetInt32(), body.GetProperty("outcome").GetString()!);
    }
}
