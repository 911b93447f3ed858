using FastTrigger.Aws;
using FastTrigger.Aws.Ec2;
using FastTrigger.Configuration;
using FastTrigger.Core;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests;

/// <summary>INIT opens connections before it asks for the first event.</summary>
public sealed class WarmUpTests : IDisposable
{
    private const string Tag = """{"tag":{"tags":{"Owner":"${owner}"},"overwrite":true}}""";
    private const string Command = """{"run-command":{"targets":{"instanceIds":["${event.detail.pump}"]},"commands":["valve open"]}}""";

    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task The_first_event_uses_the_connection_that_was_opened_for_it()
    {
        await using var server = new TlsServer(_certificates.Server());
        using var start = Start(Tag, server.Port);
        Assert.Empty(start.WarmUp());
        Assert.Equal(1, server.Accepted);
        Assert.Null(CreateTags(start, Exchange.Soon));
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task A_connection_that_the_peer_closed_while_the_environment_was_frozen_is_replaced_C5_3()
    {
        var closed = new TaskCompletionSource();
        var connections = 0;
        await using var server = new TlsServer(_certificates.Server(), serve: async (stream, token) =>
        {
            if (Interlocked.Increment(ref connections) == 1)
            {
                await closed.Task.WaitAsync(token);
                return;
            }

            await AnswerAsync(stream, token);
        });
        using var start = Start(Tag, server.Port);
        Assert.Empty(start.WarmUp());
        closed.SetResult();
        Assert.Null(CreateTags(start, Exchange.Soon));
        Assert.Equal(2, server.Accepted);
    }

    [Fact]
    public async Task A_connection_that_was_frozen_for_over_60_seconds_is_replaced_before_a_byte_is_sent_C5_3()
    {
        var clock = new TestClock();
        await using var server = new TlsServer(_certificates.Server());
        using var start = Start(Tag, server.Port, clock);
        Assert.Empty(start.WarmUp());
        clock.BootOffsetMs = 61_000;
        Assert.Null(CreateTags(start, Exchange.Soon));
        Assert.Equal(2, server.Accepted);
    }

    [Fact]
    public async Task A_peer_that_is_silent_after_a_freeze_is_called_again_on_a_new_connection_C5_3()
    {
        var connections = 0;
        await using var server = new TlsServer(_certificates.Server(), serve: async (stream, token) =>
        {
            if (Interlocked.Increment(ref connections) > 1)
            {
                await AnswerAsync(stream, token);
            }

            // Like a network that has dropped the connection: it accepts all bytes and never answers.
            await Task.Delay(Timeout.Infinite, token);
        });
        using var start = Start(Tag, server.Port);
        Assert.Empty(start.WarmUp());
        Assert.Null(CreateTags(start, Deadline.In(Clock.System, 30_000)));
        Assert.Equal(2, server.Accepted);
    }

    [Theory]
    [InlineData("off", 0, false)]
    [InlineData("connect", 1, false)]
    [InlineData("full", 1, true)]
    public async Task FASTTRIGGER_WARM_sets_the_level(string level, int connections, bool rehearses)
    {
        await using var server = new TlsServer(_certificates.Server());
        using var start = Start(Tag, server.Port, null, ("FASTTRIGGER_WARM", level));
        Assert.Empty(start.WarmUp());
        Assert.Equal(connections, server.Accepted);
        Assert.Equal(rehearses, start.Aws.Answer.Length > 0);
    }

    [Fact]
    public async Task Routes_without_AWS_calls_open_no_connection()
    {
        await using var server = new TlsServer(_certificates.Server());
        using var start = Start("""{"check-website":{"url":"http://localhost:9/"}}""", server.Port);
        Assert.Empty(start.WarmUp());
        Assert.Equal(0, server.Accepted);
    }

    [Fact]
    public void An_endpoint_that_cannot_be_reached_is_logged_and_the_function_starts()
    {
        using var start = Start(Tag, port: 9);
        var line = Assert.Single(start.WarmUp());
        Assert.Contains("localhost:9", line, StringComparison.Ordinal);
        Assert.Contains("\"level\":\"WARN\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_TLS_handshake_that_does_not_finish_is_stopped_at_the_limit_and_its_connection_is_closed()
    {
        var left = new TaskCompletionSource();
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            while (await stream.ReadAsync(new byte[4096], token) > 0)
            {
            }

            left.SetResult();
        });
        using var start = Start(Tag, server.Port, null, ("FASTTRIGGER_WARM_LIMIT_MS", "50"));
        var lines = start.WarmUp();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Contains("before the deadline", line, StringComparison.Ordinal));
        await left.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Missing_credentials_are_logged_and_nothing_is_rehearsed()
    {
        using var start = Start(Tag, port: 9, null, ("AWS_ACCESS_KEY_ID", null));
        var lines = start.WarmUp();
        Assert.Contains("no AWS credentials", lines[0], StringComparison.Ordinal);
        Assert.True(start.Aws.Answer.IsEmpty);
    }

    [Fact]
    public async Task A_chain_outside_Amazons_roots_is_tried_with_the_systems_store_during_INIT_C6_3()
    {
        var folder = Directory.CreateTempSubdirectory("fasttrigger-roots-").FullName;
        var roots = Path.Combine(TestEnvironment.Root, "src", "FastTrigger.Bootstrap", "amazon-roots.pem");
        File.Copy(roots, Path.Combine(folder, TrustStore.RootsFile));
        await using var server = new TlsServer(_certificates.Server());
        var settings = TestEnvironment.Settings(
            ("AWS_ENDPOINT_URL", $"https://localhost:{server.Port}"),
            ("FASTTRIGGER_WARM_LIMIT_MS", "8000"),
            ("LAMBDA_TASK_ROOT", folder));
        settings = TestEnvironment.With(settings, systemRoots: _certificates.RootFile);
        using var start = new StartedFunction(StartedFunction.Route(Tag), settings);
        Assert.Empty(start.WarmUp());
        Assert.Null(CreateTags(start, Exchange.Soon));
        Assert.Equal(2, server.Accepted);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_refused_during_INIT()
    {
        await using var server = new TlsServer(_certificates.Server("example.com"));
        using var start = Start(Tag, server.Port);
        Assert.Contains("hostname mismatch", Assert.Single(start.WarmUp()), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(AwsFailureKind.Unusable, CreateTags(start, Exchange.Soon)!.Kind);
    }

    [Fact]
    public async Task Services_at_one_address_share_a_connection()
    {
        await using var server = new TlsServer(_certificates.Server());
        using var start = Start(Tag + "," + Command, server.Port);
        Assert.Empty(start.WarmUp());
        Assert.Equal(1, server.Accepted);
    }

    [Theory]
    [InlineData("FASTTRIGGER_WARM", "yes", "off, connect or full")]
    [InlineData("FASTTRIGGER_WARM_LIMIT_MS", "1s", "a number of milliseconds")]
    [InlineData("FASTTRIGGER_WARM_LIMIT_MS", "9000", "up to 8000")]
    public void Invalid_settings_are_reported(string name, string value, string expected)
    {
        var problems = new List<string>();
        _ = Settings.Read(variable => variable == name ? value : null, problems);
        Assert.Contains(expected, Assert.Single(problems), StringComparison.Ordinal);
    }

    /// <summary>The call that an event leads to.</summary>
    private static AwsFailure? CreateTags(StartedFunction start, Deadline deadline) =>
        new Ec2Client(start.Aws, "us-east-1").CreateTags(["i-00000000"], [new("Owner", "alice")], deadline);

    private static async Task AnswerAsync(Stream stream, CancellationToken token)
    {
        while (await SocketServer.ReadRequestAsync(stream, token) is not null)
        {
            await stream.WriteAsync(Exchange.Ok(Exchange.Tagged), token);
        }
    }

    private StartedFunction Start(string actions, int port, Clock? clock = null, params (string Name, string? Value)[] variables) =>
        StartedFunction.At(port, _certificates, StartedFunction.Route(actions), clock, variables);
}
