using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>A server that the action calls, and a DynamoDB.</summary>
internal sealed class OncePeer : IAsyncDisposable
{
    private const string Table = "once";

    private readonly string _once;
    private readonly SocketServer _server;
    private ServerProcess? _dynalite;
    private AwsFixture _aws = null!;
    private int _calls;

    private OncePeer(string once)
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

    public static async Task<OncePeer> StartAsync(bool dynalite, string once = "true")
    {
        var peer = new OncePeer(once);
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
    public RouterFixture Router(TestClock? clock = null)
    {
        var aws = clock is null ? _aws.Another() : _aws.With(TestEnvironment.With(_aws.Shared.Settings, clock));
        // A test decides when the call ends, however busy the machine is.
        var call = $$$"""{"call":{"url":"http://127.0.0.1:{{{_server.Port}}}/","timeout":"5m","once":{{{_once}}}}}""";
        return RouterFixture.Over(aws, RouterFixture.Route(call));
    }

    /// <summary>The entry while its holder waits for the server: what a holder leaves that is killed then.</summary>
    public async Task<JsonObject> CopyInProgressAsync(string key)
    {
        Assert.True(await Task.Run(() => SpinWait.SpinUntil(() => Calls > 0, TimeSpan.FromSeconds(30))));
        return (JsonObject)_aws.World.Tables[Table][key].DeepClone();
    }

    public void Restore(string key, JsonObject item) => _aws.World.Tables[Table][key] = item;

    public async Task WaitAsync(string key, Predicate<JsonObject> holds) => Assert.True(await Task.Run(() => SpinWait.SpinUntil(
        () => _aws.World.Tables[Table].TryGetValue(key, out var item) && holds(item),
        TimeSpan.FromSeconds(30))));

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
