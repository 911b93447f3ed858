using FastTrigger.Actions.Handlers;
using FastTrigger.Aws;
using FastTrigger.Aws.Ec2;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Configuration;
using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Routing;
using FastTrigger.Telemetry;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests;

/// <summary>What INIT does before it asks for the first event.</summary>
public sealed class WarmUpTests : IDisposable
{
    private const string Tag = """{"tag":{"tags":{"Owner":"${owner}"},"overwrite":true}}""";
    private const string Command = """{"run-command":{"targets":{"instanceIds":["${event.detail.pump}"]},"commands":["valve open"],"environment":{"VALVE":"${event.detail.valve}"}}}""";

    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task The_first_event_uses_the_connection_that_was_opened_for_it()
    {
        await using var server = new TlsServer(_certificates.Server());
        using var start = Start(Route(Tag), server.Port);
        Assert.Empty(start.WarmUp());
        Assert.Equal(1, server.Accepted);
        // The server answers "ok", which EC2 would not; what matters here is which connection the call took.
        _ = new Ec2Client(start.Aws, "us-east-1").CreateTags(["i-00000000"], [new("Owner", "alice")], Exchange.Soon);
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
        using var start = Start(Route(Tag), server.Port);
        Assert.Empty(start.WarmUp());
        closed.SetResult();
        Assert.Null(new Ec2Client(start.Aws, "us-east-1").CreateTags(["i-00000000"], [new("Owner", "alice")], Exchange.Soon));
        Assert.Equal(2, server.Accepted);
    }

    [Fact]
    public async Task A_connection_that_was_frozen_for_long_is_replaced_before_a_byte_is_sent_C5_3()
    {
        var clock = new TestClock();
        await using var server = new TlsServer(_certificates.Server());
        using var start = Start(Route(Tag), server.Port, clock);
        Assert.Empty(start.WarmUp());
        clock.BootOffsetMs = 61_000;
        Assert.Null(new Ec2Client(start.Aws, "us-east-1").CreateTags(["i-00000000"], [new("Owner", "alice")], Exchange.Soon));
        Assert.Equal(2, server.Accepted);
    }

    [Fact]
    public async Task A_peer_that_fell_silent_while_the_environment_was_frozen_is_asked_again_on_a_new_connection_C5_3()
    {
        var connections = 0;
        await using var server = new TlsServer(_certificates.Server(), serve: async (stream, token) =>
        {
            if (Interlocked.Increment(ref connections) > 1)
            {
                await AnswerAsync(stream, token);
            }

            // As a network does that has forgotten the connection: it takes everything and says nothing.
            await Task.Delay(Timeout.Infinite, token);
        });
        using var start = Start(Route(Tag), server.Port);
        Assert.Empty(start.WarmUp());
        Assert.Null(new Ec2Client(start.Aws, "us-east-1").CreateTags(["i-00000000"], [new("Owner", "alice")], Deadline.In(Clock.System, 30_000)));
        Assert.Equal(2, server.Accepted);
    }

    [Fact]
    public async Task The_rehearsal_carries_out_every_kind_of_action_and_nothing_leaves_the_process()
    {
        await using var aws = await AwsFixture.StartAsync(new WorldFile());
        var called = 0;
        var handlers = new Dictionary<string, RegisteredHandler>
        {
            ["mine"] = new HandlerRunner((_, _, _) =>
            {
                called++;
                return ValueTask.FromResult(ActionResult.Done("called"));
            }),
        };
        var routes = $$$"""
            {"routes":[
              {"name":"all","when":{"source":[{"exists":true}]},"do":[{"handler":{"name":"mine"}},{{{Tag}}},{{{Command}}}]},
              {"name":"timed","schedule":"rate(5 minutes)","do":[{"handler":{"name":"mine"}}]}
            ]}
            """;
        using var start = new Started(routes, aws.Shared.Settings with { WarmLimitMs = 8_000 }, handlers);
        Assert.Empty(start.WarmUp());
        Assert.Empty(aws.World.Calls);
        Assert.Equal(0, called);
        Assert.NotEmpty(start.Aws.Answer.ToArray());
        Assert.Contains("Command", Encoding.UTF8.GetString(start.Aws.Answer.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("off", 0, false)]
    [InlineData("connect", 1, false)]
    [InlineData("full", 1, true)]
    public async Task FASTTRIGGER_WARM_says_how_much(string level, int connections, bool rehearses)
    {
        await using var server = new TlsServer(_certificates.Server());
        using var start = Start(Route(Tag), server.Port, null, ("FASTTRIGGER_WARM", level));
        Assert.Empty(start.WarmUp());
        Assert.Equal(connections, server.Accepted);
        Assert.Equal(rehearses, start.Aws.Answer.Length > 0);
    }

    [Fact]
    public async Task Routes_that_call_nothing_pay_for_nothing()
    {
        await using var server = new TlsServer(_certificates.Server());
        using var start = Start(Route("""{"check-website":{"url":"http://localhost:9/"}}"""), server.Port);
        Assert.Empty(start.WarmUp());
        Assert.Equal(0, server.Accepted);
    }

    [Fact]
    public void An_endpoint_that_cannot_be_reached_is_logged_and_is_not_the_end()
    {
        using var start = Start(Route(Tag), port: 9);
        var line = Assert.Single(start.WarmUp());
        Assert.Contains("localhost:9", line, StringComparison.Ordinal);
        Assert.Contains("\"level\":\"WARN\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_does_not_shake_hands_is_left_at_the_limit_and_its_connection_closed()
    {
        var left = new TaskCompletionSource();
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            while (await stream.ReadAsync(new byte[4096], token) > 0)
            {
            }

            left.SetResult();
        });
        using var start = Start(Route(Tag), server.Port, null, ("FASTTRIGGER_WARM_LIMIT_MS", "50"));
        var lines = start.WarmUp();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Contains("within the time", line, StringComparison.Ordinal));
        await left.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Credentials_that_cannot_be_had_are_logged_once_and_nothing_is_rehearsed()
    {
        using var start = Start(Route(Tag), port: 9, null, ("AWS_ACCESS_KEY_ID", null));
        var lines = start.WarmUp();
        Assert.Contains("no AWS credentials", lines[0], StringComparison.Ordinal);
        Assert.True(start.Aws.Answer.IsEmpty);
    }

    [Fact]
    public async Task A_chain_outside_the_small_file_is_tried_with_the_systems_store_during_INIT_C6_3()
    {
        var folder = Directory.CreateTempSubdirectory("fasttrigger-roots-").FullName;
        File.Copy(Path.Combine(TestEnvironment.Root, "src", "FastTrigger.Bootstrap", "amazon-roots.pem"), Path.Combine(folder, TrustStore.RootsFile));
        await using var server = new TlsServer(_certificates.Server());
        var settings = TestEnvironment.Settings(("AWS_ENDPOINT_URL", $"https://localhost:{server.Port}"), ("FASTTRIGGER_WARM_LIMIT_MS", "8000"), ("LAMBDA_TASK_ROOT", folder));
        using var start = new Started(Route(Tag), settings with { SystemRoots = _certificates.RootFile }, []);
        Assert.Empty(start.WarmUp());
        Assert.Null(new Ec2Client(start.Aws, "us-east-1").CreateTags(["i-00000000"], [new("Owner", "alice")], Exchange.Soon));
        Assert.Equal(2, server.Accepted);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_certificate_that_is_wrong_is_refused_during_INIT_too()
    {
        await using var server = new TlsServer(_certificates.Server("example.com"));
        using var start = Start(Route(Tag), server.Port);
        Assert.Contains("hostname mismatch", Assert.Single(start.WarmUp()), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(AwsFailureKind.Unusable, new Ec2Client(start.Aws, "us-east-1").CreateTags(["i-00000000"], [new("Owner", "alice")], Exchange.Soon)!.Kind);
    }

    /// <summary>Wherever it is, and whichever thread meets it; and what comes after goes to AWS, not to the peers of the rehearsal.</summary>
    [Fact]
    public async Task A_bug_in_it_is_logged_and_is_not_the_end()
    {
        await using var aws = await AwsFixture.StartAsync(new WorldInstance { Id = "i-00000000" });
        for (var calls = 0; calls < 25; calls++)
        {
            var clock = new BrokenClock(calls);
            using var start = new Started(Route(Tag + "," + Command), aws.Shared.Settings with { Clock = clock, WarmLimitMs = 8_000 }, []);
            // Inside the rehearsed loop it is an invocation's failure, and no one's concern.
            Assert.All(start.WarmUp(), line => Assert.Contains("the clock is broken", line, StringComparison.Ordinal));
            clock.Mend();
            aws.World.ForgetCalls();
            Assert.Null(new Ec2Client(start.Aws, "us-east-1").CreateTags(["i-00000000"], [new("Owner", "alice")], Exchange.Soon));
            Assert.Single(aws.World.Calls);
        }
    }

    /// <summary>Cannot say what time it is, once.</summary>
    private sealed class BrokenClock(int calls) : Clock
    {
        private int _left = calls;

        public override long UnixMs => Interlocked.Decrement(ref _left) == -1 ? throw new InvalidOperationException("the clock is broken") : base.UnixMs;

        public void Mend() => _left = -1;
    }

    [Fact]
    public async Task Services_at_one_address_share_a_connection()
    {
        await using var server = new TlsServer(_certificates.Server());
        using var start = Start(Route(Tag + "," + Command), server.Port);
        Assert.Empty(start.WarmUp());
        Assert.Equal(1, server.Accepted);
    }

    [Theory]
    [InlineData("FASTTRIGGER_WARM", "yes", "off, connect or full")]
    [InlineData("FASTTRIGGER_WARM_LIMIT_MS", "1s", "a number of milliseconds")]
    [InlineData("FASTTRIGGER_WARM_LIMIT_MS", "9000", "up to 8000")]
    public void Settings_that_are_wrong_are_told(string name, string value, string expected)
    {
        var problems = new List<string>();
        _ = Settings.Read(variable => variable == name ? value : null, problems);
        Assert.Contains(expected, Assert.Single(problems), StringComparison.Ordinal);
    }

    private static string Route(string actions) => $$"""{"routes":[{"name":"r","when":{"source":["nobody"]},"do":[{{actions}}]}]}""";

    private static async Task AnswerAsync(Stream stream, CancellationToken token)
    {
        while (await SocketServer.ReadRequestAsync(stream, token) is not null)
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray(), token);
        }
    }

    private Started Start(string routes, int port, Clock? clock = null, params (string Name, string? Value)[] variables) =>
        new(routes, TestEnvironment.Settings(clock, [("FASTTRIGGER_WARM_LIMIT_MS", "8000"), ("AWS_ENDPOINT_URL", $"https://localhost:{port}"), ("AWS_CA_BUNDLE", _certificates.RootFile), .. variables]), []);

    /// <summary>A function as far as INIT, its log in a file of its own.</summary>
    private sealed class Started : IDisposable
    {
        private readonly RouteTable _table;
        private readonly Settings _settings;
        private readonly AwsShared _shared;

        public Started(string routes, Settings settings, Dictionary<string, RegisteredHandler> handlers)
        {
            var table = RoutesText.Read(routes, out var problems, handlers);
            Assert.True(table is not null, problems);
            _table = table;
            _settings = settings;
            _shared = new(settings);
            Aws = new(_shared);
        }

        public AwsClient Aws { get; }

        /// <summary>The lines that it logged.</summary>
        public string[] WarmUp()
        {
            var path = Path.GetTempFileName();
            try
            {
                using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write))
                {
                    Assert.True(Origin.TryParse("http://localhost:9", out var api, out _));
                    using var client = new FastTrigger.Runtime.RuntimeApiClient(api, _settings.Clock);
                    new FastTrigger.WarmUp(_settings, _table, _shared, Aws, client, api, new(json: true, LogLevel.Info, _settings.Clock, (int)file.DangerousGetHandle())).Run();
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
}
