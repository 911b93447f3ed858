using FastTrigger.Actions.Handlers;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Core;
using FastTrigger.Dispatch;
using FastTrigger.Routing;
using FastTrigger.Runtime;
using FastTrigger.Telemetry;

namespace FastTrigger.Tests.Support;

/// <summary>A router with a local AWS: events in, answers and effects out.</summary>
internal sealed class RouterFixture : IAsyncDisposable
{
    private readonly Dispatcher _dispatcher;
    private readonly FileStream _log = new(
        Path.GetTempFileName(),
        FileMode.Open,
        FileAccess.ReadWrite,
        FileShare.ReadWrite,
        4096,
        FileOptions.DeleteOnClose);

    private RouterFixture(AwsFixture aws, RouteTable table)
    {
        Aws = aws;
        var level = aws.Shared.Settings.LogLevel;
        var log = new Log(json: true, level, Clock.System, (int)_log.SafeFileHandle.DangerousGetHandle());
        _dispatcher = new(table, aws.Client, aws.Shared, log, (_, _) => throw new InvalidOperationException("abandoned"));
    }

    /// <summary>All log records so far.</summary>
    public IReadOnlyList<JsonElement> Logs
    {
        get
        {
            using var reader = new StreamReader(_log.Name, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete });
            var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return [.. lines.Select(line => JsonDocument.Parse(line).RootElement)];
        }
    }

    public AwsFixture Aws { get; }

    public static Task<RouterFixture> StartAsync(string routes, params WorldInstance[] instances) =>
        StartAsync(routes, new WorldFile { Instances = instances });

    public static async Task<RouterFixture> StartAsync(
        string routes,
        WorldFile world,
        params (string Name, string? Value)[] variables)
    {
        return Over(await AwsFixture.StartAsync(world, variables), routes);
    }

    /// <param name="handlers">The C# handlers that the routes name.</param>
    public static RouterFixture Over(AwsFixture aws, string routes, params (string Name, Handler Handler)[] handlers)
    {
        var registered = handlers.ToDictionary(
            handler => handler.Name,
            RegisteredHandler (handler) => new HandlerRunner(handler.Handler));
        var table = RoutesText.Read(routes, out var problems, registered);
        Assert.True(table is not null, problems);
        return new(aws, table);
    }

    /// <param name="table">Routes that no text can say.</param>
    public static RouterFixture Over(AwsFixture aws, RouteTable table) => new(aws, table);

    /// <summary>A routes file with one route, "r", that takes events of every source and runs these actions.</summary>
    public static string Route(string actions, string head = "") =>
        $$"""{ {{head}} "routes": [{"name":"r","when":{"source":[{"prefix":""}]},"do":[{{actions}}]}]}""";

    public static string Event(
        string detail,
        string id = "event-1",
        string region = "us-east-1",
        string account = "123456789012") =>
        $$"""
        {"version":"0","id":"{{id}}","source":"test","detail-type":"Test","account":"{{account}}","region":"{{region}}",
        "time":"{{DateTimeOffset.UtcNow:yyyy-MM-dd'T'HH:mm:ss'Z'}}","detail":{{detail}}}
        """;

    public (JsonElement Answer, RuntimeError? Error, bool Exit) Handle(string payload, int seconds = 30)
    {
        var answer = new ByteBuffer();
        var invocation = Items.Invocation(payload, seconds);
        var result = _dispatcher.Handle(invocation, answer);
        _dispatcher.Finish(invocation, result);
        // An answer may have the event inside it, which may be as deep as JSON may be here.
        var json = answer.Length == 0 ? default : JsonDocument.Parse(answer.Span.ToArray(), new() { MaxDepth = 300 }).RootElement;
        return (json, result.Error, result.Exit);
    }

    /// <summary>Outcome and detail of the only action, from the answer or the error.</summary>
    public (string Outcome, string Detail) Act(string payload, int seconds = 30)
    {
        var (answer, error, _) = Handle(payload, seconds);
        if (error is not null)
        {
            var outcome = error.Type switch
            {
                "Function.ActionRetry" => "retry",
                "Function.ActionFailed" => "failed",
                var type => type,
            };
            return (outcome, error.Message);
        }

        var action = answer.GetProperty("routes")[0].GetProperty("actions")[0];
        return (action.GetProperty("outcome").GetString()!, action.GetProperty("detail").GetString()!);
    }

    /// <summary>The only action, as it is in the answer.</summary>
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
