using FastTrigger.Cli.LocalAws;
using FastTrigger.Core;
using FastTrigger.Routing;
using FastTrigger.Runtime;
using FastTrigger.Telemetry;

namespace FastTrigger.Tests.Support;

/// <summary>Routes over a local AWS: events in, answers and effects out.</summary>
internal sealed class RouterFixture : IAsyncDisposable
{
    private readonly Router _router;
    private readonly FileStream _log = new(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 4096, FileOptions.DeleteOnClose);

    private RouterFixture(AwsFixture aws, RouteTable table)
    {
        Aws = aws;
        _router = new(table, aws.Client, aws.Shared, new Log(json: true, LogLevel.Debug, Clock.System, (int)_log.SafeFileHandle.DangerousGetHandle()), (_, _) => throw new InvalidOperationException("abandoned"));
    }

    /// <summary>Every record that was logged.</summary>
    public IReadOnlyList<JsonElement> Logs
    {
        get
        {
            using var reader = new StreamReader(_log.Name, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete });
            return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        }
    }

    public AwsFixture Aws { get; }

    public static Task<RouterFixture> StartAsync(string routes, params WorldInstance[] instances) => StartAsync(routes, new WorldFile { Instances = instances });

    public static async Task<RouterFixture> StartAsync(string routes, WorldFile world, params (string Name, string? Value)[] variables)
    {
        return Over(await AwsFixture.StartAsync(world, variables), routes);
    }

    /// <param name="handlers">C# that the routes name.</param>
    public static RouterFixture Over(AwsFixture aws, string routes, params (string Name, Handler Handler)[] handlers)
    {
        var table = RoutesText.Read(routes, out var problems, handlers.ToDictionary(handler => handler.Name, FastTrigger.Actions.Handlers.RegisteredHandler (handler) => new FastTrigger.Actions.Handlers.HandlerRunner(handler.Handler)));
        Assert.True(table is not null, problems);
        return new(aws, table);
    }

    /// <summary>A route named "r" for events of the source "test", with these actions.</summary>
    public static string Route(string actions, string head = "") => $$"""{ {{head}} "routes": [{"name":"r","when":{"source":[{"prefix":""}]},"do":[{{actions}}]}]}""";

    public static string Event(string detail, string id = "event-1", string region = "us-east-1", string account = "123456789012") =>
        $$"""{"version":"0","id":"{{id}}","source":"test","detail-type":"Test","account":"{{account}}","region":"{{region}}","time":"{{DateTimeOffset.UtcNow:yyyy-MM-dd'T'HH:mm:ss'Z'}}","detail":{{detail}}}""";

    public (JsonElement Answer, RuntimeError? Error, bool Exit) Handle(string payload, int seconds = 30)
    {
        var answer = new ByteBuffer();
        var result = _router.Handle(Items.Invocation(payload, seconds), answer);
        return (answer.Length == 0 ? default : JsonDocument.Parse(answer.Span.ToArray()).RootElement, result.Error, result.Exit);
    }

    /// <summary>The only action's outcome and detail, from the answer or the error.</summary>
    public (string Outcome, string Detail) Act(string payload, int seconds = 30)
    {
        var (answer, error, _) = Handle(payload, seconds);
        if (error is not null)
        {
            return (error.Type switch { "Function.ActionRetry" => "retry", "Function.ActionFailed" => "failed", var type => type }, error.Message);
        }

        var action = answer.GetProperty("routes")[0].GetProperty("actions")[0];
        return (action.GetProperty("outcome").GetString()!, action.GetProperty("detail").GetString()!);
    }

    /// <summary>The only action, as the answer has it.</summary>
    public JsonElement ActionOf(string payload, int seconds = 30)
    {
        var (answer, error, _) = Handle(payload, seconds);
        Assert.True(error is null, error?.Message);
        return answer.GetProperty("routes")[0].GetProperty("actions")[0];
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        await Aws.DisposeAsync();
    }
}
