using FastTrigger.Aws;
using FastTrigger.Aws.Ec2;
using FastTrigger.Aws.Ssm;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Configuration;
using FastTrigger.Core;

namespace FastTrigger.Tests.Support;

/// <summary>A local AWS for one test, and a client that calls it over https.</summary>
internal sealed class AwsFixture : IAsyncDisposable
{
    private readonly bool _owns;

    private AwsFixture(LocalWorld world, LocalAwsServer server, Settings settings, bool owns = true)
    {
        _owns = owns;
        World = world;
        Server = server;
        Shared = new(settings) { RefusesUndeclared = true };
        Client = new(Shared);
    }

    public LocalWorld World { get; }

    public LocalAwsServer Server { get; }

    public AwsShared Shared { get; }

    public AwsClient Client { get; }

    public Ec2Client Ec2 => new(Client, "us-east-1");

    public SsmClient Ssm => new(Client, "us-east-1");

    public IEnumerable<string> Operations => World.Calls.Select(call => call.Operation);

    public static Task<AwsFixture> StartAsync(params WorldInstance[] instances) =>
        StartAsync(new WorldFile { Instances = instances });

    public static Task<AwsFixture> StartAsync(WorldFile file, params (string Name, string? Value)[] variables) =>
        StartAsync(file, null, variables);

    public static async Task<AwsFixture> StartAsync(
        WorldFile file,
        Clock? clock,
        params (string Name, string? Value)[] variables)
    {
        var world = new LocalWorld(file, "us-east-1", "123456789012");
        var server = await LocalAwsServer.StartAsync(world);
        (string, string?)[] all =
        [
            ("AWS_ENDPOINT_URL", server.HttpsUrl),
            ("AWS_CA_BUNDLE", server.AuthorityFile),
            ("SSL_CERT_FILE", server.AuthorityFile),
            ("SITE", server.SiteUrl),
            .. variables,
        ];
        return new(world, server, TestEnvironment.Settings(clock, all));
    }

    /// <summary>A second function's connection to the same AWS.</summary>
    public AwsFixture Another() => new(World, Server, Shared.Settings, owns: false);

    /// <summary>A function with other settings at the same AWS.</summary>
    public AwsFixture With(Settings settings) => new(World, Server, settings, owns: false);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_owns)
        {
            return;
        }

        await Server.DisposeAsync();
        World.Dispose();
    }
}
