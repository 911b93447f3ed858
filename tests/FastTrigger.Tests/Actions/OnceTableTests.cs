using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>The act-once table (C4.3) on the local DynamoDB and on dynalite, a third-party DynamoDB.</summary>
public sealed class OnceTableTests
{
    private const string Table = "once";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_outcome_is_kept_and_reported_to_every_later_delivery(bool dynalite)
    {
        await using var peer = await Peer.StartAsync(dynalite);
        await using var router = peer.Router();
        Assert.Equal("done", router.Act(Event()).Outcome);
        var again = router.ActionOf(Event());
        Assert.StartsWith("already done: 127.0.0.1", again.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.True(again.GetProperty("doneBefore").GetBoolean());
        Assert.Equal(1, peer.Calls);
        Assert.Equal("done", router.Act(Event("event-2")).Outcome);
        Assert.Equal(2, peer.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_concurrent_deliveries_one_acts(bool dynalite)
    {
        await using var peer = await Peer.StartAsync(dynalite);
        var others = new TaskCompletionSource();
        peer.Answers = others.Task;
        var routers = Enumerable.Range(0, 6).Select(_ => peer.Router()).ToList();
        var refused = 0;
        var outcomes = await Task.WhenAll(routers.Select(router => Task.Run(() =>
        {
            var outcome = router.Act(Event()).Outcome;
            // The call of the delivery that acts is answered after the other deliveries end as retries.
            if (outcome == "retry" && Interlocked.Increment(ref refused) == 5)
            {
                others.SetResult();
            }

            return outcome;
        })));
        Assert.Equal(1, peer.Calls);
        Assert.Equal((1, 5), (outcomes.Count(outcome => outcome == "done"), outcomes.Count(outcome => outcome == "retry")));
        Assert.Equal("done", routers[0].Act(Event()).Outcome);
        Assert.Equal(1, peer.Calls);
        foreach (var router in routers)
        {
            await router.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(false, "fail", 0)]
    [InlineData(true, "fail", 0)]
    [InlineData(false, "rerun", 1)]
    [InlineData(true, "rerun", 1)]
    public async Task An_entry_whose_holder_died_is_taken_over_after_its_time(bool dynalite, string interrupted, int calls)
    {
        await using var peer = await Peer.StartAsync(dynalite, $$"""{"interrupted":"{{interrupted}}"}""");
        await using var router = peer.Router();
        // A holder that is killed leaves this entry.
        await peer.PutAsync(Key(), "INPROGRESS", DateTimeOffset.UtcNow.AddHours(1));
        var (outcome, detail) = router.Act(Event());
        Assert.Equal("retry", outcome);
        Assert.Contains("another delivery of the same event is at work on it", detail, StringComparison.Ordinal);
        await peer.PutAsync(Key(), "INPROGRESS", DateTimeOffset.UtcNow.AddSeconds(-1));
        (outcome, detail) = router.Act(Event());
        Assert.Equal(calls == 0 ? "failed" : "done", outcome);
        Assert.Equal(calls == 0, detail.Contains("may have received it", StringComparison.Ordinal));
        Assert.Equal(calls, peer.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_action_that_was_not_done_leaves_no_entry(bool dynalite)
    {
        await using var peer = await Peer.StartAsync(dynalite);
        await using var router = peer.Router();
        peer.Status = 503;
        Assert.Equal("retry", router.Act(Event()).Outcome);
        peer.Status = 403;
        Assert.Equal("failed", router.Act(Event()).Outcome);
        peer.Status = 200;
        Assert.Equal("done", router.Act(Event()).Outcome);
        Assert.Equal(3, peer.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_expired_entry_is_ignored(bool dynalite)
    {
        await using var peer = await Peer.StartAsync(dynalite);
        await using var router = peer.Router();
        await peer.PutAsync(Key(), "COMPLETED", DateTimeOffset.UtcNow, expiration: DateTimeOffset.UtcNow.AddSeconds(-1));
        Assert.Equal("done", router.Act(Event()).Outcome);
        Assert.Equal(1, peer.Calls);
    }

    [Theory]
    [InlineData("accepted-then-reset", "done", 1)]
    [InlineData("throttle", "done", 1)]
    [InlineData("error", "failed", 0)]
    public async Task A_write_whose_answer_is_lost_still_takes_the_entry(string kind, string outcome, int calls)
    {
        await using var peer = await Peer.StartAsync(dynalite: false);
        await using var router = peer.Router();
        var world = JsonSerializer.Deserialize(
            $$"""{"faults":[{"operation":"PutItem","kind":"{{kind}}","code":"ResourceNotFoundException"}]}""",
            WorldJson.Default.WorldFile)!;
        router.Aws.World.Add(world.Faults[0]);
        Assert.Equal(outcome, router.Act(Event()).Outcome);
        Assert.Equal(calls, peer.Calls);
    }

    [Fact]
    public async Task An_action_is_done_although_its_outcome_cannot_be_written_to_the_table()
    {
        await using var peer = await Peer.StartAsync(dynalite: false);
        await using var router = peer.Router();
        // The first write takes the entry. The later ones, which would complete it, fail.
        router.Aws.World.Add(new Fault { Operation = "PutItem", Kind = FaultKind.Slow, Milliseconds = 1 });
        router.Aws.World.Add(new Fault { Operation = "PutItem", Kind = FaultKind.Throttle, Times = 9 });
        Assert.Equal("done", router.Act(Event()).Outcome);
        Assert.Contains(
            router.Logs,
            record => record.GetProperty("message").GetString() == "the outcome could not be recorded in the act-once table");
        Assert.Equal("retry", router.Act(Event()).Outcome);
        Assert.Equal(1, peer.Calls);
    }

    private static string Event(string id = "event-1") => RouterFixture.Event("{}", id);

    private static string Key(string id = "event-1") =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"fasttrigger\0r\00\0{id}")));

    /// <summary>A server that the action calls, and a DynamoDB.</summary>
    private sealed class Peer : IAsyncDisposable
    {
        private readonly string _once;
        private readonly SocketServer _server;
        private ServerProcess? _dynalite;
        private AwsFixture _aws = null!;
        private int _calls;

        private Peer(string once)
        {
            _once = once;
            _server = new(async (_, stream, token) =>
            {
                await SocketServer.ReadRequestAsync(stream, token);
                Interlocked.Increment(ref _calls);
                await Answers.WaitAsync(token);
                var answer = $"HTTP/1.1 {Status} x\r\nContent-Length: 0\r\n\r\n";
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), token);
            });
        }

        public int Calls => _calls;

        public int Status { get; set; } = 200;

        /// <summary>The server answers a call when this task ends.</summary>
        public Task Answers { get; set; } = Task.CompletedTask;

        public static async Task<Peer> StartAsync(bool dynalite, string once = "true")
        {
            var peer = new Peer(once);
            if (dynalite)
            {
                peer._dynalite = await DynaliteAsync();
                await peer.CliAsync(
                    "create-table",
                    "--attribute-definitions", "AttributeName=id,AttributeType=S",
                    "--key-schema", "AttributeName=id,KeyType=HASH",
                    "--billing-mode", "PAY_PER_REQUEST");
                await peer.CliAsync("wait", "table-exists");
            }

            peer._aws = await peer.AwsAsync();
            return peer;
        }

        /// <summary>A router with a client of its own, as each execution environment has.</summary>
        public RouterFixture Router()
        {
            var call = $$$"""{"call":{"url":"http://127.0.0.1:{{{_server.Port}}}/","once":{{{_once}}}}}""";
            return RouterFixture.Over(_aws.Another(), RouterFixture.Route(call));
        }

        public async Task PutAsync(string key, string status, DateTimeOffset until, DateTimeOffset? expiration = null)
        {
            var expires = expiration ?? DateTimeOffset.UtcNow.AddDays(1);
            var item = new JsonObject
            {
                ["id"] = Text(key),
                ["status"] = Text(status),
                ["expiration"] = Number(expires.ToUnixTimeSeconds()),
                ["in_progress_expiration"] = Number(until.ToUnixTimeMilliseconds()),
                ["holder"] = Text("somebody"),
                ["started"] = Number(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()),
            };
            if (_dynalite is null)
            {
                _aws.World.Tables[Table][key] = item;
            }
            else
            {
                await CliAsync("put-item", "--item", item.ToJsonString());
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _aws.DisposeAsync();
            await _server.DisposeAsync();
            if (_dynalite is not null)
            {
                await _dynalite.DisposeAsync();
            }
        }

        private static JsonObject Text(string value) => new() { ["S"] = value };

        private static JsonObject Number(long value) => new() { ["N"] = value.ToString(CultureInfo.InvariantCulture) };

        private static Task<ServerProcess> DynaliteAsync()
        {
            const string Script =
                "const d = require(process.argv[1])({ createTableMs: 0 });" +
                "d.listen(0, '127.0.0.1', () => console.log('port ' + d.address().port))";
            var module = Path.Combine(TestEnvironment.Root, "artifacts", "peers", "node_modules", "dynalite");
            Assert.True(Directory.Exists(module), $"{module} is missing: ./bootstrap.sh test installs it");
            return ServerProcess.StartAsync("node", ["-e", Script, module], line =>
                line.StartsWith("port ", StringComparison.Ordinal) ? int.Parse(line[5..], CultureInfo.InvariantCulture) : null);
        }

        private Task<AwsFixture> AwsAsync() => AwsFixture.StartAsync(
            new WorldFile { Tables = [Table] },
            ("FASTTRIGGER_ONCE_TABLE", Table),
            ("AWS_ENDPOINT_URL_DYNAMODB", _dynalite is null ? null : $"http://127.0.0.1:{_dynalite.Port}"));

        /// <summary>Runs the AWS CLI on dynalite.</summary>
        private async Task CliAsync(params string[] arguments)
        {
            string[] all =
            [
                "dynamodb", .. arguments, "--table-name", Table,
                "--endpoint-url", $"http://127.0.0.1:{_dynalite!.Port}", "--region", "us-east-1", "--no-cli-pager",
            ];
            var start = new ProcessStartInfo("/usr/bin/aws", all) { RedirectStandardError = true, RedirectStandardOutput = true };
            start.Environment["AWS_ACCESS_KEY_ID"] = LocalKeys.AccessKeyId;
            start.Environment["AWS_SECRET_ACCESS_KEY"] = LocalKeys.SecretAccessKey;
            start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            _ = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, await error);
        }
    }
}
