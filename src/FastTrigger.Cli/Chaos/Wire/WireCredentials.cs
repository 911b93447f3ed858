using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FastTrigger.Cli.Chaos.Wire;

/// <summary>
/// An endpoint of container credentials that gives others each time it is asked
/// (docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html). The local AWS refuses the old ones.
/// </summary>
internal sealed class WireCredentials : IAsyncDisposable
{
    public const string Path = "/credentials";

    /// <summary>Clients renew credentials five minutes before they expire: these are used for two seconds.</summary>
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(5 * 60 + 2);

    private readonly WebApplication _app;
    private readonly LocalWorld _world;

    private WireCredentials(LocalWorld world)
    {
        _world = world;
        _app = LoopbackServer.Create(static options => options.ListenOnLoopback(0));
        _app.Run(GiveAsync);
    }

    public int Port { get; private set; }

    public int Given => _given;

    private int _given;

    public static async Task<WireCredentials> StartAsync(LocalWorld world)
    {
        var server = new WireCredentials(world);
        server.Port = (await server._app.StartOnPortsAsync())[0];
        return server;
    }

    /// <summary>Refuses all that were given, as expired or as unknown.</summary>
    public void Revoke(bool asExpired)
    {
        foreach (var (key, session) in _world.Sessions)
        {
            if (asExpired)
            {
                _world.Sessions[key] = session with { Expires = _world.Now.AddSeconds(-1) };
            }
            else
            {
                _world.Sessions.TryRemove(key, out _);
            }
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task GiveAsync(HttpContext context)
    {
        var number = Interlocked.Increment(ref _given);
        var session = new LocalSession(
            $"ASIAWIRE{number:000000000000}",
            Guid.NewGuid().ToString("n"),
            $"session/{Guid.NewGuid():n}",
            _world.Account,
            _world.Now + s_lifetime);
        _world.Sessions[session.AccessKeyId] = session;
        return context.Response.WriteAsync(new JsonObject
        {
            ["AccessKeyId"] = session.AccessKeyId,
            ["SecretAccessKey"] = session.SecretAccessKey,
            ["Token"] = session.SessionToken,
            ["Expiration"] = session.Expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", provider: null),
        }.ToJsonString());
    }
}
