using System.Net;
using System.Net.Sockets;

namespace FastTrigger.NativeTests;

/// <summary>What a local run sends to servers that are not its own: nothing, unless --network names them.</summary>
public sealed class OutgoingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-outgoing-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("""{"call": {"url": "http://localhost:PORT/", "message": "x"}}""")]
    [InlineData("""{"call": {"url": "tcp://localhost:PORT", "message": "x"}}""")]
    [InlineData("""{"check-website": {"url": "http://localhost:PORT/"}}""")]
    public async Task Calls_and_checks_reach_another_server_only_when_it_is_named(string action)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var (exitCode, output) = await RunAsync(action.Replace("PORT", $"{port}", StringComparison.Ordinal));
        Assert.Equal(1, exitCode);
        Assert.Contains(
            $"localhost:{port} is not reached from here: FASTTRIGGER_NETWORK does not name localhost (fasttrigger --network)",
            output,
            StringComparison.Ordinal);
        Assert.False(listener.Pending());

        var run = RunAsync(action.Replace("PORT", $"{port}", StringComparison.Ordinal), "--network", $"localhost:{port}");
        using (var connection = await listener.AcceptTcpClientAsync(Artifacts.Token))
        {
            Assert.True(await connection.GetStream().ReadAsync(new byte[1], Artifacts.Token) > 0);
        }

        await run;
    }

    [Theory]
    [InlineData("""{"call": {"url": "http://localhost:PORT/", "message": "x", "headers": {"key": "${ssm:/key}"}}}""")]
    [InlineData("""{"call": {"url": "tcp://localhost:PORT", "message": "${ssm:/key}"}}""")]
    public async Task A_parameter_of_the_world_file_does_not_go_out_even_to_a_server_that_is_named(string action)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var call = action.Replace("PORT", $"{port}", StringComparison.Ordinal);
        var (exitCode, output) = await RunAsync(call, "--network", $"localhost:{port}");
        Assert.Equal(1, exitCode);
        Assert.Contains("Parameters of a world file never leave this machine", output, StringComparison.Ordinal);
        Assert.False(listener.Pending());
    }

    [Theory]
    [InlineData("--env", "FASTTRIGGER_NETWORK=")]
    [InlineData("--shell", "host")]
    public async Task A_parameter_is_given_out_only_where_nothing_could_take_it_along(params string[] options)
    {
        const string Action = """{"call": {"url": "http://127.0.0.1:9/", "message": "x", "headers": {"key": "${ssm:/key}"}}}""";
        Assert.Contains("Parameters of a world file", (await RunAsync(Action, options)).Output, StringComparison.Ordinal);
        Assert.Contains("is not reached from here", (await RunAsync(Action)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_users_proxy_is_not_used()
    {
        var arguments = await OneRoute.WriteAsync(_folder, """{"check-website": {"url": "${env.SITE}"}}""", "{}");
        const string Nowhere = "http://127.0.0.1:1";
        var (exitCode, output, error) = await Artifacts.RunToolAsync(
            arguments,
            ("http_proxy", Nowhere),
            ("https_proxy", Nowhere),
            ("all_proxy", Nowhere));
        Assert.True(exitCode == 0, output + error);
    }

    [Fact]
    public async Task The_sites_of_the_world_file_are_reached()
    {
        var (exitCode, output) = await RunAsync("""{"check-website": {"url": "${env.SITE}"}}""");
        Assert.True(exitCode == 0, output);
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string action, params string[] options)
    {
        var arguments = await OneRoute.WriteAsync(_folder, action, """{"parameters": {"/key": "s3cret"}}""");
        var (exitCode, output, error) = await Artifacts.RunToolAsync([.. arguments, .. options]);
        return (exitCode, output + error);
    }
}
