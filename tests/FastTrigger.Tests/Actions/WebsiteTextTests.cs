using System.IO.Compression;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>Pages that are compressed, or written in another character set than UTF-8.</summary>
public sealed class WebsiteTextTests
{
    private const string Page = "<h1>Zustand: Störung an Pumpe 7 – 15 €</h1>";

    public static TheoryData<string, byte[]> Compressed => new()
    {
        { "gzip", Compress(stream => new GZipStream(stream, CompressionLevel.Optimal), Page) },
        { "X-GZip", Compress(stream => new GZipStream(stream, CompressionLevel.Optimal), Page) },
        {
            "gzip",
            [
                .. Compress(stream => new GZipStream(stream, CompressionLevel.Optimal), Page[..20]),
                .. Compress(stream => new GZipStream(stream, CompressionLevel.Optimal), Page[20..]),
            ]
        },
        { "deflate", Compress(stream => new ZLibStream(stream, CompressionLevel.Optimal), Page) },
        { "deflate", Compress(stream => new DeflateStream(stream, CompressionLevel.Optimal), Page) },
        {
            "deflate, identity\r\nContent-Encoding: gzip",
            Compress(
                stream => new GZipStream(stream, CompressionLevel.Optimal),
                Compress(stream => new ZLibStream(stream, CompressionLevel.Optimal), Page))
        },
        { "identity", Encoding.UTF8.GetBytes(Page) },
    };

    [Theory]
    [MemberData(nameof(Compressed))]
    public async Task A_compressed_page_is_searched_as_it_was_written(string coding, byte[] body)
    {
        var head = $"Content-Encoding: {coding}\r\n";
        Assert.Equal("with the expected text", await CheckAsync(head, body, "\"expect\":\"Störung an Pumpe 7\""));
        Assert.Equal("with text that is forbidden", await CheckAsync(head, body, "\"forbid\":\"Störung\""));
    }

    [Theory]
    [InlineData("br", "the answer cannot be decompressed from 'br': gzip and deflate are the codings that can be undone")]
    [InlineData("gzip", "the answer cannot be decompressed from 'gzip': it is not gzip")]
    [InlineData("deflate", "the answer cannot be decompressed from 'deflate': it is truncated or damaged")]
    [InlineData("gzip,gzip,gzip,gzip", "the answer is compressed 4 times")]
    public async Task A_page_that_cannot_be_read_fails_the_check_for_forbidden_text_too(string coding, string reason)
    {
        var head = $"Content-Encoding: {coding}\r\n";
        Assert.StartsWith(reason, await CheckAsync(head, Encoding.UTF8.GetBytes(Page), "\"forbid\":\"broken\""), StringComparison.Ordinal);
        // Without texts nothing is read.
        Assert.Equal("answered 200", await CheckAsync(head, Encoding.UTF8.GetBytes(Page), "\"timeout\":\"9s\""));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_decompression_bomb_stops_at_the_limit_of_the_body(string coding)
    {
        var zeros = new byte[8 * 1024 * 1024];
        var bomb = coding == "gzip"
            ? Compress(stream => new GZipStream(stream, CompressionLevel.SmallestSize), zeros)
            : Compress(stream => new ZLibStream(stream, CompressionLevel.SmallestSize), zeros);
        var reason = await CheckAsync($"Content-Encoding: {coding}\r\n", bomb, "\"forbid\":\"broken\"");
        Assert.EndsWith("it holds more than 1048576 bytes", reason, StringComparison.Ordinal);
    }

    /// <summary>html.spec.whatwg.org, "prescan a byte stream to determine its encoding".</summary>
    [Theory]
    [InlineData("text/html", "<meta charset=windows-1252>", "windows-1252")]
    [InlineData("text/html", "<!DOCTYPE html><html lang=de><head><META\n  Charset = 'ISO-8859-1' />", "windows-1252")]
    [InlineData("text/html", "<meta http-equiv=Content-Type content=\"text/html; charset=iso-8859-1\">", "windows-1252")]
    [InlineData("text/html", "<meta content='text/html; charset = \"latin1\"' http-equiv=\"content-type\">", "windows-1252")]
    [InlineData("text/html", "<meta charset=klingon><meta charset=latin1>", "windows-1252")]
    [InlineData("", "<meta charset=windows-1252>", "windows-1252")]
    [InlineData("text/html; charset=utf-8", "<meta charset=windows-1252>", "utf-8")]
    [InlineData("text/plain", "<meta charset=windows-1252>", "utf-8")]
    [InlineData("text/html", "<meta charset=utf-16>", "utf-8")]
    [InlineData("text/html", "<meta charset=klingon>", "utf-8")]
    [InlineData("text/html", "<!-- <meta charset=latin1> -->", "utf-8")]
    [InlineData("text/html", "<!--><meta charset=latin1>", "windows-1252")]
    [InlineData("text/html", "<a title='<meta charset=latin1>'>", "utf-8")]
    [InlineData("text/html", "<meta name=x content='text/html; charset=latin1'>", "utf-8")]
    [InlineData("text/html", "<metal charset=latin1>", "utf-8")]
    [InlineData("text/html", "<meta charset='latin1", "utf-8")]
    [InlineData("text/html", "FAR<meta charset=latin1>", "utf-8")]
    public async Task A_page_of_HTML_declares_its_charset_where_the_server_does_not(string type, string start, string written)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        start = start.Replace("FAR", new string(' ', 1010), StringComparison.Ordinal);
        var body = Encoding.GetEncoding(written).GetBytes(start + Page);
        var head = type.Length > 0 ? $"Content-Type: {type}\r\n" : "";
        Assert.Equal("with the expected text", await CheckAsync(head, body, "\"expect\":[\"Störung\",\"– 15 €\"]"));
    }

    [Theory]
    [InlineData("", "utf-8", "")]
    [InlineData("; charset=UTF-8", "utf-8", "")]
    [InlineData("; x=y; Charset=\"utf8\"", "utf-8", "")]
    [InlineData("; charset=iso-8859-1", "windows-1252", "")]
    [InlineData("; charset=Windows-1252", "windows-1252", "")]
    [InlineData("; charset=utf-16le", "utf-16", "")]
    [InlineData("; charset=utf-16be", "utf-16BE", "")]
    [InlineData("; charset=utf-16", "utf-16", "fffe")]
    [InlineData("; charset=utf-16", "utf-16BE", "feff")]
    [InlineData("", "utf-16", "fffe")]
    [InlineData("; charset=iso-8859-1", "utf-8", "efbbbf")]
    public async Task The_charset_of_the_page_is_the_one_that_is_searched(string parameter, string written, string mark)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        byte[] body = [.. Convert.FromHexString(mark), .. Encoding.GetEncoding(written).GetBytes(Page)];
        var head = $"Content-Type: text/html{parameter}\r\n";
        Assert.Equal("with the expected text", await CheckAsync(head, body, "\"expect\":[\"Störung\",\"– 15 €\",\"<h1>\"]"));
        Assert.Equal("with text that is forbidden", await CheckAsync(head, body, "\"forbid\":\"Störung\""));
        Assert.Equal("without the expected text", await CheckAsync(head, body, "\"expect\":\"Pumpe 8\""));
        Assert.Equal("without the expected text", await CheckAsync(head, body, "\"expect\":\"\u65e5\u672c\""));
    }

    [Fact]
    public async Task An_unknown_charset_fails_with_its_name()
    {
        var reason = await CheckAsync("Content-Type: text/html; charset=shift_jis\r\n", Encoding.UTF8.GetBytes(Page), "\"forbid\":\"x\"");
        Assert.StartsWith("the page's charset 'shift_jis' is unknown", reason, StringComparison.Ordinal);
    }

    /// <summary>The end of the action's detail.</summary>
    private static async Task<string> CheckAsync(string head, byte[] body, string settings)
    {
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            await SocketServer.ReadRequestAsync(stream, token);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{head}Content-Length: {body.Length}\r\n\r\n"), token);
            await stream.WriteAsync(body, token);
        });
        var routes = RouterFixture.Route($"{{\"check-website\":{{\"url\":\"http://127.0.0.1:{server.Port}/\",{settings}}}}}");
        await using var router = await RouterFixture.StartAsync(routes, new WorldFile());
        var (outcome, detail) = router.Act(RouterFixture.Event("{}"));
        if (outcome == "done")
        {
            return detail.Contains("with the expected text", StringComparison.Ordinal) ? "with the expected text" : "answered 200";
        }

        const string But = "answered 200, but ";
        var at = detail.IndexOf(But, StringComparison.Ordinal);
        Assert.True(at > 0, detail);
        return detail[(at + But.Length)..];
    }

    private static byte[] Compress(Func<Stream, Stream> open, string text) => Compress(open, Encoding.UTF8.GetBytes(text));

    private static byte[] Compress(Func<Stream, Stream> open, byte[] data)
    {
        using var compressed = new MemoryStream();
        using (var stream = open(compressed))
        {
            stream.Write(data);
        }

        return compressed.ToArray();
    }
}
