using FastTrigger.Actions.Handlers;
using FastTrigger.Aws;
using FastTrigger.Configuration;
using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Routing;
using FastTrigger.Runtime;
using FastTrigger.Telemetry;

namespace FastTrigger.Tests.Support;

/// <summary>A function up to the end of INIT, with a log file of its own.</summary>
internal sealed class StartedFunction : IDisposable
{
    private readonly RouteTable _table;
    private readonly Settings _settings;
    private readonly AwsShared _shared;

    public StartedFunction(string routes, Settings settings, Dictionary<string, RegisteredHandler>? handlers = null)
    {
        var table = RoutesText.Read(routes, out var problems, handlers ?? []);
        Assert.True(table is not null, problems);
        _table = table;
        _settings = settings;
        _shared = new(settings);
        Aws = new(_shared);
    }

    public AwsClient Aws { get; }

    /// <summary>A function whose AWS is a server on loopback, with this certificate authority.</summary>
    public static StartedFunction At(
        int port,
        TestCertificates certificates,
        string routes,
        Clock? clock = null,
        params (string Name, string? Value)[] variables) =>
        new(routes, TestEnvironment.Settings(
            clock,
            [
                ("FASTTRIGGER_WARM_LIMIT_MS", "8000"),
                ("AWS_ENDPOINT_URL", $"https://localhost:{port}"),
                ("AWS_CA_BUNDLE", certificates.RootFile),
                .. variables,
            ]));

    /// <summary>A routes file with one route that no event matches.</summary>
    public static string Route(string actions) =>
        $$"""{"routes":[{"name":"r","when":{"source":["nobody"]},"do":[{{actions}}]}]}""";

    /// <summary>Warms up and returns the lines of the log.</summary>
    public string[] WarmUp()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write))
            {
                Assert.True(Origin.TryParse("http://localhost:9", out var api, out _));
                using var client = new RuntimeApiClient(api, _settings.Clock);
                var log = new Log(json: true, LogLevel.Info, _settings.Clock, (int)file.DangerousGetHandle());
                new FastTrigger.WarmUp(_settings, _table, _shared, Aws, client, api, log).Run();
            }

            return File.ReadAllLines(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public void Dispose() => Aws.Dispose();
}
