using System.Diagnostics;
using System.Net.Security;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.NativeTests;

/// <summary>Runs the function under valgrind, against servers whose TLS fails in every way. build/valgrind.sh runs it alone.</summary>
public sealed class ValgrindTests : IDisposable
{
    private const int FewEvents = 2, ManyEvents = 12;

    private readonly TestCertificates _certificates = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-valgrind-").FullName;

    public void Dispose()
    {
        _certificates.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(Explicit = true)]
    public async Task OpenSSL_is_used_without_errors_and_everything_is_freed()
    {
        using var strangers = new TestCertificates();
        using var good = _certificates.Server();
        using var other = _certificates.Server("other");
        await using var right = new TlsServer(good);
        await using var wrongName = new TlsServer(other);
        await using var expired = new TlsServer(_certificates.Server(fromDays: -2, toDays: -1));
        await using var unknown = new TlsServer(strangers.Server());
        const string Part = "HTTP/1.1 200 OK\r\n\r\npart";
        await using var truncated = new TlsServer(good, serve: (stream, token) => AnswerAsync(stream, Part, token));
        await using var cut = new TlsServer(good, serve: (stream, token) => AnswerAsync(stream, "", token));
        await using var noTls = Plain("HTTP/1.1 400 Bad Request\r\n\r\n");
        await using var closed = Plain("");
        await using var halfHello = Plain("\u0016\u0003\u0003\u0000\u007a\u0002\u0000\u0000");
        var (certificate, key) = _certificates.Files(good, "one");
        var (_, otherKey) = _certificates.Files(other, "two");
        int[] sites =
        [
            right.Port, wrongName.Port, expired.Port, unknown.Port, truncated.Port, cut.Port, noTls.Port, closed.Port, halfHello.Port,
        ];
        var routes = sites.Select(port => Route($$$"""{"check-website": {"url": "https://localhost:{{{port}}}/"}}"""))
            .Append(Route(Call(right.Port, certificate, key)))
            .Append(Route(Call(right.Port, certificate, otherKey)))
            .Append(Route(Call(right.Port, key, key)))
            .Append(Route(Call(right.Port, certificate, certificate)))
            .Append(Route($$$$"""
                {"call": {"url": "https://localhost:{{{{right.Port}}}}/", "once": false, "tls": {"caFile": "{{{{key}}}}"}}}
                """));
        var file = Path.Combine(_folder, "routes.json");
        await File.WriteAllTextAsync(file, $"{{\"routes\": [{string.Join(',', routes)}]}}", Artifacts.Token);

        // The collector's memory may still hold a pointer to what nobody uses any more, which is then not lost for valgrind.
        var growth = InUse((await RunAsync(file, ManyEvents)).Report);
        var (report, posts) = await RunAsync(file, FewEvents);
        growth -= InUse(report);
        TestContext.Current.TestOutputHelper?.WriteLine($"{report}\ngrowth in {ManyEvents - FewEvents} events: {growth} bytes");
        Assert.InRange(growth, int.MinValue, 16 * 1024);
        Assert.Equal(FewEvents, posts.Count);
        Assert.All(posts, post => Assert.Contains("/error HTTP/1.1", post, StringComparison.Ordinal));
        Assert.Contains("ERROR SUMMARY: 0 errors", report, StringComparison.Ordinal);
        Assert.Matches("definitely lost: 0 bytes|All heap blocks were freed", report);
        Assert.Matches("indirectly lost: 0 bytes|All heap blocks were freed", report);
    }

    /// <summary>The bytes in "in use at exit: 360,317 bytes in 855 blocks".</summary>
    private static int InUse(string report)
    {
        const string Start = "in use at exit: ";
        var text = report[(report.IndexOf(Start, StringComparison.Ordinal) + Start.Length)..];
        return int.Parse(text[..text.IndexOf(' ', StringComparison.Ordinal)].Replace(",", "", StringComparison.Ordinal), provider: null);
    }

    private static string Route(string action) =>
        $$$"""{"name": "r{{{Guid.NewGuid():n}}}", "when": {"source": ["x"]}, "do": [{{{action}}}]}""";

    private string Call(int port, string certificate, string key) => $$$$"""
        {"call": {"url": "https://localhost:{{{{port}}}}/", "once": false,
        "tls": {"caFile": "{{{{_certificates.RootFile}}}}", "certificateFile": "{{{{certificate}}}}", "keyFile": "{{{{key}}}}"}}}
        """;

    private static SocketServer Plain(string answer) => new(async (_, stream, token) =>
    {
        _ = await stream.ReadAsync(new byte[1], token);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), token);
    });

    private static async Task AnswerAsync(SslStream stream, string answer, CancellationToken token)
    {
        await SocketServer.ReadRequestAsync(stream, token);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), token);
    }

    private async Task<(string Report, List<string> Posts)> RunAsync(string routes, int events)
    {
        var ids = new Queue<int>(Enumerable.Range(0, events));
        var posts = new List<string>();
        await using var api = new SocketServer(async (_, stream, token) =>
        {
            while (await SocketServer.ReadRequestAsync(stream, token) is { } request)
            {
                var isPost = request.StartsWith("POST", StringComparison.Ordinal);
                if (isPost)
                {
                    posts.Add(request);
                }

                var answer = isPost ? "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n" : Next(ids);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), token);
            }
        });
        var log = Path.Combine(_folder, "valgrind.log");
        // The runtime keeps its threads until the process ends, which is "possibly lost".
        string[] leaks = ["--leak-check=full", "--show-leak-kinds=definite,indirect", "--errors-for-leak-kinds=definite,indirect"];
        // It cannot count the memory of a static binary.
        string[] arguments = [.. leaks, $"--log-file={log}", Artifacts.Dynamic];
        var start = new ProcessStartInfo("valgrind", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new[]
        {
            ("AWS_LAMBDA_RUNTIME_API", $"127.0.0.1:{api.Port}"),
            ("AWS_LAMBDA_FUNCTION_NAME", "valgrind"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", LocalKeys.AccessKeyId),
            ("AWS_SECRET_ACCESS_KEY", LocalKeys.SecretAccessKey),
            ("FASTTRIGGER_ROUTES", routes),
            ("SSL_CERT_FILE", _certificates.RootFile),
            ("DOTNET_GCHeapHardLimit", "2000000"),
        })
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(Artifacts.Token);
        var output = await process.StandardOutput.ReadToEndAsync(Artifacts.Token);
        await process.WaitForExitAsync(Artifacts.Token);
        Assert.True(File.Exists(log), output + await error);
        return (await File.ReadAllTextAsync(log, Artifacts.Token), posts);
    }

    private static string Next(Queue<int> ids)
    {
        const string Event = """{"source":"x"}""";
        return !ids.TryDequeue(out var id)
            ? "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"
            : "HTTP/1.1 200 OK\r\n"
                + $"Lambda-Runtime-Aws-Request-Id: id-{id}\r\n"
                + $"Lambda-Runtime-Deadline-Ms: {DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeMilliseconds()}\r\n"
                + "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:valgrind\r\n"
                + $"Content-Length: {Event.Length}\r\n\r\n{Event}";
    }
}
