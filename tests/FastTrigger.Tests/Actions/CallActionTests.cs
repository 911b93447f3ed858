using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>call, to nginx, to OpenSSL's own server, and to sockets that behave badly.</summary>
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
    public async Task Nginx_is_called_with_a_client_certificate_and_its_status_decides(string path, string settings, string outcome, string reason)
    {
        await using var nginx = await NginxAsync();
        var (found, detail) = await ActAsync(Call($"https://localhost:{nginx.Port}/{path}", Tls(), "\"message\":{\"valve\":\"${event.detail.valve}\"}", settings), "V-17");
        Assert.Equal(outcome, found);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"caFile\":\"ROOT\"", "answered 400")]
    [InlineData("\"serverName\":\"other.example\",\"caFile\":\"ROOT\"", "certificate of other.example was refused")]
    [InlineData("", "certificate of localhost was refused")]
    public async Task Whoever_is_not_shown_to_be_the_server_or_the_client_is_refused(string tls, string reason)
    {
        await using var nginx = await NginxAsync();
        var (outcome, detail) = await ActAsync(Call($"https://localhost:{nginx.Port}/accept", "\"tls\":{" + tls.Replace("ROOT", _certificates.RootFile, StringComparison.Ordinal) + "}"), "V-17");
        Assert.Equal("failed", outcome);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signed_call_can_be_verified_by_whoever_has_the_secret_and_has_its_key()
    {
        string? request = null;
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            request = await SocketServer.ReadRequestAsync(stream, token);
            await stream.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray(), token);
        });
        var (outcome, detail) = await ActAsync(Call($"http://localhost:{server.Port}/valves/open?b=2&a=x%20y", "\"hmac\":{\"secret\":\"${ssm:/plant/hmac}\"}", "\"message\":{\"valve\":\"${event.detail.valve}\",\"level\":91.5,\"tags\":[\"a\",true,null]}", "\"headers\":{\"X-Plant\":\"${event.detail.valve}\"}"), "V-17");
        Assert.True(outcome == "done", detail);
        var headers = request!.Split("\r\n").Select(line => line.Split(": ", 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1]);
        var body = request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Assert.Equal("""{"valve":"V-17","level":91.5,"tags":["a",true,null]}""", body);
        Assert.Equal(("V-17", "application/json"), (headers["x-plant"], headers["content-type"]));
        Assert.Matches("^[0-9a-f]{64}$", headers["idempotency-key"]);
        var time = headers["x-fasttrigger-timestamp"];
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - long.Parse(time, CultureInfo.InvariantCulture), 0, 60);
        var text = $"{time}\nPOST\n/valves/open\na=x%20y&b=2\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}";
        Assert.Equal("v1=" + Convert.ToHexStringLower(HMACSHA256.HashData("of the plant"u8, Encoding.UTF8.GetBytes(text))), headers["x-fasttrigger-signature"]);
    }

    [Fact]
    public async Task OpenSSLs_server_is_sent_a_line_and_acknowledges_it()
    {
        await using var server = await OpenSslAsync();
        var call = Call($"tls://localhost:{server.Port}", Tls(), "\"message\":\"OPEN ${event.detail.valve}\\n\"", "\"expect\":{\"prefix\":\"71-V NEPO\"}");
        var (outcome, detail) = await ActAsync(call, "V-17");
        Assert.True(outcome == "done", detail);
        Assert.Contains("acknowledged 10 bytes", detail, StringComparison.Ordinal);
        // A value cannot end the line that it stands in.
        (outcome, detail) = await ActAsync(call.Replace("71-V NEPO", "\\\"\\\\n\\\\evlav NEPO", StringComparison.Ordinal), "valve\n\"");
        Assert.True(outcome == "done", detail);
    }

    [Fact]
    public async Task OpenSSLs_server_refuses_a_client_without_certificate()
    {
        await using var server = await OpenSslAsync();
        var (outcome, detail) = await ActAsync(Call($"tls://localhost:{server.Port}", $"\"tls\":{{\"caFile\":\"{_certificates.RootFile}\"}}", "\"message\":\"x\\n\"", "\"expect\":{\"contains\":\"x\"}"), "V-17");
        Assert.Equal("failed", outcome);
        Assert.Contains("localhost", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ACK 17\n", "\"expect\":{\"prefix\":\"ACK\"}", "done", "acknowledged")]
    [InlineData("NAK 17\n", "\"expect\":{\"prefix\":\"ACK\"}", "failed", "without the acknowledgement that is expected. It may have received it")]
    [InlineData("NAK 17\n", "\"expect\":{\"prefix\":\"ACK\"},\"idempotent\":true", "retry", "without the acknowledgement")]
    [InlineData(null, "\"expect\":{\"prefix\":\"ACK\"},\"timeout\":\"300ms\"", "failed", "no acknowledgement within the time for it")]
    [InlineData(null, "\"timeout\":\"5s\"", "done", "no acknowledgement is expected")]
    public async Task A_plain_socket_acknowledges_or_may_have_received_it(string? answer, string settings, string outcome, string reason)
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
    public async Task What_was_not_sent_is_a_retry()
    {
        var (outcome, detail) = await ActAsync(Call("tcp://127.0.0.1:9", "\"message\":\"x\""), "V-17");
        Assert.Equal("retry", outcome);
        Assert.Contains("Connection refused", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_calls_once_and_what_may_have_been_received_is_not_sent_again_C4_3()
    {
        var received = 0;
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            await SocketServer.ReadRequestAsync(stream, token);
            Interlocked.Increment(ref received);
            stream.Socket.LingerState = new LingerOption(true, 0);
        });
        await using var router = await StartAsync(Call($"http://localhost:{server.Port}/").Replace("\"once\":false", "\"once\":true", StringComparison.Ordinal));
        var (outcome, detail) = router.Act(Event("V-17"));
        Assert.Equal(("failed", true), (outcome, detail.Contains("It may have received it", StringComparison.Ordinal)));
        (outcome, detail) = router.Act(Event("V-17"));
        Assert.Equal(("failed", true), (outcome, detail.Contains("already tried: ", StringComparison.Ordinal)));
        Assert.Equal(1, received);
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

    [Theory]
    [InlineData("\"url\":\"ftp://x/\"", "begins with tcp:// or tls://")]
    [InlineData("\"url\":\"tcp://host\",\"message\":\"x\"", "followed by host:port")]
    [InlineData("\"url\":\"tls://host:1\"", "call needs 'message'")]
    [InlineData("\"url\":\"tls://host:1\",\"message\":\"x\",\"method\":\"PUT\"", "'method' belongs to https://")]
    [InlineData("\"url\":\"tls://host:1\",\"message\":\"x\",\"expect\":{\"status\":200}", "'status' belongs to https://")]
    [InlineData("\"url\":\"https://${event.detail.host}/\"", "may not go here")]
    [InlineData("\"url\":\"https://x/\",\"headers\":{\"Host\":\"y\"}", "set by FastTrigger itself")]
    [InlineData("\"url\":\"https://x/\",\"headers\":{\"a b\":\"y\"}", "letters, digits and hyphens")]
    [InlineData("\"url\":\"https://x/\",\"tls\":{\"certificateFile\":\"nowhere.pem\"}", "there is no nowhere.pem")]
    [InlineData("\"url\":\"https://x/\",\"expect\":{}", "at least one of status, prefix and contains")]
    [InlineData("\"url\":\"https://x/\",\"hmac\":{}", "hmac needs 'secret'")]
    [InlineData("\"url\":\"https://x/\",\"hmac\":{\"secret\":\"${event.detail.x}\"}", "may not go here")]
    [InlineData("\"url\":\"https://x/\",\"once\":{\"per\":\"server\"}", "'per' takes \"event\"")]
    public void What_does_not_fit_together_is_a_mistake_C1_1(string settings, string problem)
    {
        Assert.Null(RoutesText.Read(RouterFixture.Route("{\"call\":{" + settings + "}}"), out var problems));
        Assert.Contains(problem, problems, StringComparison.Ordinal);
    }

    private static string Call(string url, params string[] settings) =>
        "{\"call\":{\"url\":\"" + url + "\",\"once\":false" + string.Concat(settings.Where(setting => setting.Length > 0).Select(setting => "," + setting)) + "}}";

    private static string Event(string valve) => RouterFixture.Event($$"""{"valve":{{JsonSerializer.Serialize(valve, WorldJson.Default.String)}}}""");

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
            ["s_server", "-accept", "127.0.0.1:0", "-cert", files.Certificate, "-key", files.Key, "-CAfile", _certificates.RootFile, "-Verify", "1", "-verify_return_error", "-rev"],
            line => AcceptedPort().Match(line) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null);
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
                  client_body_temp_path {{_folder}}; proxy_temp_path {{_folder}}; fastcgi_temp_path {{_folder}}; uwsgi_temp_path {{_folder}}; scgi_temp_path {{_folder}};
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
