using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace FastTrigger.Cli;

/// <summary>What the local servers share: a quiet web server on loopback, its ports, and whole bodies.</summary>
internal static class LoopbackServer
{
    public static WebApplication Create(Action<KestrelServerOptions> configure)
    {
        // Nothing but what is named: the other builders watch files for settings, and a user may watch 128 at a time.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            configure(options);
        });
        return builder.Build();
    }

    /// <param name="port">0 takes a free one.</param>
    public static void ListenOnLoopback(this KestrelServerOptions options, int port, Action<ListenOptions>? configure = null) =>
        options.Listen(IPAddress.Loopback, port, configure ?? (_ => { }));

    /// <summary>Starts it; the ports it listens on, in the order in which they were asked for.</summary>
    public static async Task<int[]> StartOnPortsAsync(this WebApplication app)
    {
        await app.StartAsync();
        return [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address).Port)];
    }

    public static async Task<byte[]> ReadBodyAsync(this HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        return buffer.ToArray();
    }
}
