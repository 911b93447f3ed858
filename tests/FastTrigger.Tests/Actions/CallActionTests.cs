using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>The action call: to nginx, to the server of OpenSSL, and to sockets that misbehave.</summary>
public sealed partial class CallActionTests : IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-nginx-").FullName;

    public void Dispose()
    {
        _certificates.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("accept", "\"expect\":{\"status\":202,\"contains\":\"accepted\"}", "done", "answered 202")]
    [InlineData("accept", "", "done", "answered 202")]
    [InlineData("accept", "\"expect\":{\"prefix\":\"nothing like it\"}", "failed", "without the acknowledgement that is expected")]
    [InlineData("busy", "", "retry", "answered 503")]
    [InlineData("slow-down", "", "retry", "answered 429")]
    [InlineData("broken", "", "failed", "answered 500. It may have received it")]
    [InlineData("broken", "\"idempotent\":true", "retry", "answered 500")]
    [InlineData("broken", "\"retryStatus\":[500]", "retry", "answered 500")]
    [InlineData("forbidden", "", "failed", "answered 403")]
    public async Task Nginx_is_called_with_a_client_certificate_and_its_status_decides(
        string path,
        string settings,
        string outcome,
        string reason)
    {
        await using var nginx = await NginxAsync();
        const string Message = "\"message\":{\"valve\":\"${event.detail.valve}\"}";
        var (found, detail) = await ActAsync(Call($"https://localhost:{nginx.Port}/{path}", Tls(), Message, settings), "V-17");
        Assert.Equal(outcome, found);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"caFile\":\"ROOT\"", "answered 400")]
    [InlineData("\"serverName\":\"other.example\",\"caFile\":\"ROOT\"", "certificate of other.example was refused")]
    [InlineData("", "certificate of localhost was refused")]
    public async Task A_server_or_client_without_a_valid_certificate_is_refused(string tls, string reason)
    {
        await using var nginx = await NginxAsync();
        var settings = "\"tls\":{" + tls.Replace("ROOT", _certificates.RootFile, StringComparison.Ordinal) + "}";
        var (outcome, detail) = await ActAsync(Call($"https://localhost:{nginx.Port}/accept", settings), "V-17");
        Assert.Equal("failed", outcome);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signed_call_can_be_verified_with_the_secret_and_carries_an_idempotency_key()
    {
        string? request = null;
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            request = await SocketServer.ReadRequestAsync(stream, token);
            await stream.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray(), token);
        });
        var call = Call(
            $"http://localhost:{server.Port}/valves/open?b=2&a=x%20y",
            """
            "hmac":{"secret":"${ssm:/plant/hmac}"}
            """,
            """
            "message":{"valve":"${event.detail.valve}","level":91.5,"tags":["a",true,null]}
            """,
            """
            "headers":{"X-Plant":"${event.detail.valve}"}
            """);
        var (outcome, detail) = await ActAsync(call, "V-17");
        Assert.True(outcome == "done", detail);
        var headers = request!.Split("\r\n")
            .Select(line => line.Split(": ", 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1]);
        var body = request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Assert.Equal("""{"valve":"V-17","level":91.5,"tags":["a",true,null]}""", body);
        Assert.Equal(("V-17", "application/json"), (headers["x-plant"], headers["content-type"]));
        Assert.Matches("^[0-9a-f]{64}$", headers["idempotency-key"]);
        var time = headers["x-fasttrigger-timestamp"];
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - long.Parse(time, CultureInfo.InvariantCulture), 0, 60);
        var bodyHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        var text = $"{time}\nPOST\n/valves/open\na=x%20y&b=2\n{bodyHash}";
        var signature = HMACSHA256.HashData("of the plant"u8, Encoding.UTF8.GetBytes(text));
        Assert.Equal("v1=" + Convert.ToHexStringLower(signature), headers["x-fasttrigger-signature"]);
    }

    [Fact]
    public async Task The_server_of_OpenSSL_receives_a_line_and_acknowledges_it()
    {
        await using var server = await OpenSslAsync();
        var call = Call(
            $"tls://localhost:{server.Port}",
            Tls(),
            "\"message\":\"OPEN ${event.detail.valve}\\n\"",
            "\"expect\":{\"prefix\":\"71-V NEPO\"}");
        var (outcome, detail) = await ActAsync(call, "V-17");
        Assert.True(outcome == "done", detail);
        Assert.Contains("acknowledged 10 bytes", detail, StringComparison.Ordinal);
        // A value cannot end the line that contains it.
        (outcome, detail) = await ActAsync(call.Replace("71-V NEPO", "\\\"\\\\n\\\\evlav NEPO", StringComparison.Ordinal), "valve\n\"");
        Assert.True(outcome == "done", detail);
    }

    [Fact]
    public async Task The_server_of_OpenSSL_refuses_a_client_without_a_certificate()
    {
        await using var server = await OpenSslAsync();
        var call = Call(
            $"tls://localhost:{server.Port}",
            $"\"tls\":{{\"caFile\":\"{_certificates.RootFile}\"}}",
            "\"message\":\"x\\n\"",
            "\"expect\":{\"contains\":\"x\"}");
        var (outcome, detail) = await ActAsync(call, "V-17");
        Assert.Equal("failed", outcome);
        Assert.Contains("localhost", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ACK 17\n", "\"expect\":{\"prefix\":\"ACK\"}", "done", "acknowledged")]
    [InlineData(
        "NAK 17\n",
        "\"expect\":{\"prefix\":\"ACK\"}",
        "failed",
        "without the acknowledgement that is expected. It may have received it")]
    [InlineData("NAK 17\n", "\"expect\":{\"prefix\":\"ACK\"},\"idempotent\":true", "retry", "without the acknowledgement")]
    [InlineData(null, "\"expect\":{\"prefix\":\"ACK\"},\"timeout\":\"300ms\"", "failed", "no acknowledgement within the time for it")]
    [InlineData(null, "\"timeout\":\"5s\"", "done", "no acknowledgement is expected")]
    public async Task A_plain_socket_acknowledges_or_may_have_received_the_message(
        string? answer,
        string settings,
        string outcome,
        string reason)
    {
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            var buffer = new byte[100];
            _ = await stream.ReadAsync(buffer, token);
            if (answer is not null)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), token);
                return;
            }

            await Task.Delay(Timeout.Infinite, token);
        });
        var (found, detail) = await ActAsync(Call($"tcp://127.0.0.1:{server.Port}", "\"message\":\"17\\n\"", settings), "V-17");
        Assert.Equal(outcome, found);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_was_not_sent_is_a_retry()
    {
        var (outcome, detail) = await ActAsync(Call("tcp://127.0.0.1:9", "\"message\":\"x\""), "V-17");
        Assert.Equal("retry", outcome);
        Assert.Contains("Connection refused", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_calls_once_and_a_call_that_may_have_been_received_is_not_repeated_C4_3()
    {
        var received = 0;
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            await SocketServer.ReadRequestAsync(stream, token);
            Interlocked.Increment(ref received);
            stream.Socket.LingerState = new LingerOption(true, 0);
        });
        var call = Call($"http://localhost:{server.Port}/").Replace("\"once\":false", "\"once\":true", StringComparison.Ordinal);
        await using var router = await StartAsync(call);
        var (outcome, detail) = router.Act(Event("V-17"));
        Assert.Equal(("failed", true), (outcome, detail.Contains("It may have received it", StringComparison.Ordinal)));
        (outcome, detail) = router.Act(Event("V-17"));
        Assert.Equal(("failed", true), (outcome, detail.Contains("already tried: ", StringComparison.Ordinal)));
        Assert.Equal(1, received);
    }

    [Fact]
    public async Task A_compressed_acknowledgement_is_read()
    {
        var body = Core.GzipTests.Compress("it is accepted"u8.ToArray());
        var head = $"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {body.Length}\r\n\r\n";
        await using var server = SocketServer.Answering([.. Encoding.ASCII.GetBytes(head), .. body]);
        var (outcome, detail) = await ActAsync(
            Call($"http://127.0.0.1:{server.Port}/", "\"expect\":{\"contains\":\"accepted\"}"),
            "v");
        Assert.True(outcome == "done", detail);
    }

    [Theory]
    [InlineData("a\r\nX-Evil: 1")]
    [InlineData("a\u0000b")]
    public async Task A_header_cannot_be_broken_by_a_value_C7(string value)
    {
        var (outcome, detail) = await ActAsync(Call("http://127.0.0.1:9/", "\"headers\":{\"X-Plant\":\"${event.detail.valve}\"}"), value);
        Assert.Equal("failed", outcome);
        Assert.Contains("headers.X-Plant", detail, StringComparison.Ordinal);
    }

    private static string Call(string url, params string[] settings)
    {
        var members = settings.Where(setting => setting.Length > 0).Prepend("\"once\":false").Prepend($"\"url\":\"{url}\"");
        return "{\"call\":{" + string.Join(",", members) + "}}";
    }

    private static string Event(string valve) =>
        RouterFixture.Event($$"""{"valve":{{JsonSerializer.Serialize(valve, WorldJson.Default.String)}}}""");

    private static Task<RouterFixture> StartAsync(string action) => RouterFixture.StartAsync(
        RouterFixture.Route(action),
        new WorldFile { Tables = ["once"], Parameters = new Dictionary<string, string> { ["/plant/hmac"] = "of the plant" } },
        ("FASTTRIGGER_ONCE_TABLE", "once"));

    private static async Task<(string Outcome, string Detail)> ActAsync(string action, string valve)
    {
        await using var router = await StartAsync(action);
        return router.Act(Event(valve));
    }

    private string Tls()
    {
        using var client = _certificates.Server("fasttrigger");
        var files = _certificates.Files(client, "client");
        return $$"""
            "tls":{"caFile":"{{_certificates.RootFile}}","certificateFile":"{{files.Certificate}}","keyFile":"{{files.Key}}"}
            """.Trim();
    }

    private Task<ServerProcess> OpenSslAsync()
    {
        using var certificate = _certificates.Server();
        var files = _certificates.Files(certificate);
        return ServerProcess.StartAsync(
            "openssl",
            [
                "s_server", "-accept", "127.0.0.1:0",
                "-cert", files.Certificate, "-key", files.Key,
                "-CAfile", _certificates.RootFile, "-Verify", "1", "-verify_return_error",
                "-rev",
            ],
            line => AcceptedPort().Match(line) is { Success: true } match
                ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
                : null);
    }

    private Task<ServerProcess> NginxAsync()
    {
        using var certificate = _certificates.Server();
        var files = _certificates.Files(certificate);
        var settings = Path.Combine(_folder, "nginx.conf");
        return ServerProcess.StartOnPortAsync("nginx", port =>
        {
            File.WriteAllText(settings, $$"""
                daemon off;
                pid {{_folder}}/nginx.pid;
                error_log {{_folder}}/error.log;
                events {}
                http {
                  access_log off;
                  client_body_temp_path {{_folder}};
                  proxy_temp_path {{_folder}};
                  fastcgi_temp_path {{_folder}};
                  uwsgi_temp_path {{_folder}};
                  scgi_temp_path {{_folder}};
                  server {
                    listen 127.0.0.1:{{port}} ssl;
                    ssl_certificate {{files.Certificate}};
                    ssl_certificate_key {{files.Key}};
                    ssl_client_certificate {{_certificates.RootFile}};
                    ssl_verify_client on;
                    location /accept { return 202 "accepted"; }
                    location /busy { return 503; }
                    location /slow-down { return 429; }
                    location /broken { return 500; }
                    location /forbidden { return 403; }
                  }
                }
                """);
            return ["-p", _folder, "-e", Path.Combine(_folder, "start.log"), "-c", settings];
        });
    }

    [GeneratedRegex(@"ACCEPT .*:(\d+)$")]
    private static partial Regex AcceptedPort();
}
