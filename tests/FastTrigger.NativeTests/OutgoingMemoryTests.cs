using FastTrigger.Tests.Support;

namespace FastTrigger.NativeTests;

/// <summary>What servers can make the function keep in memory.</summary>
public sealed class OutgoingMemoryTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 15000000\r\n\r\n", "x", "does not fit into the function's memory")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", "does not fit into the function's memory")]
    [InlineData("", "HTTP/1.1 100 Continue\r\n\r\n", "interim answers")]
    public async Task A_page_that_never_fits_is_a_failed_check_with_its_metric(string start, string repeated, string reason)
    {
        var bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(repeated, 1 + (32_768 / repeated.Length))));
        await using var site = new SocketServer(async (_, stream, token) =>
        {
            await SocketServer.ReadRequestAsync(stream, token);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(start), token);
            for (var sent = 0L; sent < 128 * 1024 * 1024; sent += bytes.Length)
            {
                await stream.WriteAsync(bytes, token);
            }
        });
        var routes = $$$$"""
            {"routes": [{"name": "r", "when": {"source": ["x"]}, "do": [{"check-website":
            {"url": "http://127.0.0.1:{{{{site.Port}}}}/", "bodyLimit": 16777216, "forbid": "error"}}]}]}
            """;
        // Twelve mebibytes.
        await using var function = await NativeFunction.StartAsync(routes, variables: ("DOTNET_GCHeapHardLimit", "C00000"));
        for (var i = 0; i < 2; i++)
        {
            var (document, errorType) = await function.InvokeAsync("""{"source":"x"}""");
            Assert.Equal("Function.ActionFailed", errorType);
            Assert.Contains(reason, document!["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        function.AssertLogs("\"Available\":0,");
        Assert.False(function.Environment.HasExited);
    }

    [Fact]
    public async Task A_client_key_of_another_certificate_costs_no_memory_with_each_call()
    {
        using var certificates = new TestCertificates();
        using var server = certificates.Server();
        using var other = certificates.Server("other");
        await using var peer = new TlsServer(server);
        var (certificate, _) = certificates.Files(server, "one");
        var (_, key) = certificates.Files(other, "two");
        var routes = $$$$"""
            {"routes": [{"name": "r", "when": {"source": ["x"]}, "do": [{"call": {"url": "https://localhost:{{{{peer.Port}}}}/",
            "once": false,
            "tls": {"caFile": "{{{{certificates.RootFile}}}}", "certificateFile": "{{{{certificate}}}}", "keyFile": "{{{{key}}}}"}}}]}]}
            """;
        await using var function = await NativeFunction.StartAsync(routes);
        await CallAsync(100);
        var before = AnonymousKilobytes(function.Environment.ProcessId);
        // Each lost context was 19 KiB.
        await CallAsync(300);
        Assert.InRange(AnonymousKilobytes(function.Environment.ProcessId) - before, long.MinValue, 300 * 19 / 2);

        async Task CallAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var (document, errorType) = await function.InvokeAsync("""{"source":"x"}""");
                Assert.Equal("Function.ActionFailed", errorType);
                Assert.Contains("does not belong to the certificate", document!.ToJsonString(), StringComparison.Ordinal);
            }
        }
    }

    private static long AnonymousKilobytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(text => text.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], provider: null);
    }
}
