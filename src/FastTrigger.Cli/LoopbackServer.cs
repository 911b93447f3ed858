using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace FastTrigger.Cli;

/// <summary>A web server on loopback without logs, for the local servers.</summary>
internal static class LoopbackServer
{
    public static WebApplication Create(Action<KestrelServerOptions> configure)
    {
        // The other builders watch files for settings, and Linux limits a user to 128 watchers.
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

    /// <param name="port">The port; 0 selects a free one.</param>
    public static void ListenOnLoopback(this KestrelServerOptions options, int port, Action<ListenOptions>? configure = null) =>
        options.Listen(IPAddress.Loopback, port, configure ?? (_ => { }));

    /// <summary>Starts the server, and returns its ports in the order of their configuration.</summary>
    public static async Task<int[]> StartOnPortsAsync(this WebApplication app)
    {
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return [.. addresses.Select(address => new Uri(address).Port)];
    }

    public static async Task<byte[]> ReadBodyAsync(this HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        return buffer.ToArray();
    }
}
