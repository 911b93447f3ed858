using System.Diagnostics;
using System.Text.Json.Nodes;
using FastTrigger.Actions.RunCommand;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace FastTrigger.Tests.Actions;

/// <summary>Event text is data (C7). It arrives exact to the byte where it is allowed, or it is refused and nothing runs.</summary>
public sealed class HostileTextTests
{
    private const string Server = "i-0aaaaaaaaaaaaaaa1";

    /// <summary>Only a shell that runs a value as script creates this file.</summary>
    private static readonly string s_pwned = Path.Combine(Path.GetTempPath(), $"fasttrigger-pwned-{Guid.NewGuid():n}");

    private static readonly string[] s_pieces =
    [
        "'", "\"", "`", "$", "$(", ")", $"$(touch {s_pwned})", $"`touch {s_pwned}`", "${IFS}",
        "{{ssm:/plant/key}}", "{{", "}}", "\n", "\r\n", "\t", "\\", "\\'", "'\\''",
        ";", "&&", "|", ">", "<", "#", "!", "~", "*", "?", "-", "--", "-rf", "=", "%s", "%n",
        "\u0000", "\u0001", "\u001b[31m", "\u007f", "\u0085", "\u2028", "\u2029", "\ufeff", "é", "😀", "\ud800", "\udc00",
        "EOF", " ", "  ", "a", "0", "PATH=/tmp", "<i>&amp;</i>", "]]>", "../", "%00", "%0a",
    ];

    /// <summary>Texts of such pieces, arbitrary texts, and sometimes a very long one.</summary>
    private static Arbitrary<string> Texts => Gen.Frequency(
        (9, Gen.Elements(s_pieces).ListOf().Select(pieces => string.Concat(pieces))),
        (3, ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "")),
        (1, Gen.Elements(s_pieces).Select(piece => string.Concat(Enumerable.Repeat(piece, 100 * 1024 / piece.Length))))).ToArbitrary();

    public static TheoryData<string, bool> Shells => new()
    {
        { "dash", true },
        { "dash", false },
        { "bash", true },
        { "busybox", true },
        { "busybox", false },
    };

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_variable_has_exactly_the_value_in_the_real_shell_C7_1(string shell, bool guarded)
    {
        var folder = Directory.CreateTempSubdirectory("fasttrigger-hostile-").FullName;
        var number = 0;
        Prop.ForAll(Texts, text =>
        {
            var value = WellFormed(text);
            if (value.Contains('\0') || Encoding.UTF8.GetByteCount(value) > 60 * 1024)
            {
                // The action refuses it before the shell. Another test checks that.
                return true;
            }

            var output = Path.Combine(folder, $"{number++}");
            var command = new CommandScript(
                shell == "bash" ? CommandShell.Bash : CommandShell.Sh,
                "printf '%s' \"$VALUE\" > \"$OUT\"",
                guarded ? $"{number:x64}" : null,
                RerunInterrupted: false);
            var script = command.Write([("VALUE", value), ("OUT", output)]);
            Assert.Equal(0, Run(shell, folder, script));
            return File.ReadAllBytes(output).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(value));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
        Assert.False(File.Exists(s_pwned));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Every_setting_that_takes_a_value_passes_it_on_exact_to_the_byte_or_refuses_it_C7()
    {
        var received = new List<(string Header, string Body)>();
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            var request = (await SocketServer.ReadRequestAsync(stream, token))!;
            var header = request.Split("\r\n").Select(line => line.Split(": ", 2)).FirstOrDefault(pair => pair[0] == "X-Value")?[1];
            var body = request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
            received.Add((header ?? "", Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(body))));
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), token);
        });
        var url = $"http://127.0.0.1:{server.Port}/";
        var routes = $$$$"""
            {"routes":[
              {"name":"shell","when":{"source":["test"]},"do":[{"run-command":{"targets":{"tag:Role":["pump"]},
                "commands":["printf '%s' \"$V\" > value"],"environment":{"V":"${event.detail.v}"},"wait":true}}]},
              {"name":"document","when":{"source":["test"]},"do":[{"run-command":{"targets":{"tag:Role":["pump"]},
                "document":"Plant-Note","parameters":{"note":"${event.detail.v}"},"once":{"by":"${item.id} ${event.detail.v}"}}}]},
              {"name":"automation","when":{"source":["test"]},"do":[{"run-automation":{
                "document":"Plant-Restart","parameters":{"note":["${event.detail.v}"]}}}]},
              {"name":"json","when":{"source":["test"]},"do":[{"call":{"url":"{{{{url}}}}",
                "message":{"v":"${event.detail.v}"},"once":false}}]},
              {"name":"text","when":{"source":["test"]},"do":[{"call":{"url":"{{{{url}}}}",
                "message":"v=${event.detail.v}!","once":false}}]},
              {"name":"header","when":{"source":["test"]},"do":[{"call":{"url":"{{{{url}}}}",
                "headers":{"X-Value":"${event.detail.v}"},"once":false}}]},
              {"name":"ids","when":{"source":["test"]},"do":[{"run-command":{
                "targets":{"instanceIds":["${event.detail.v}"]},"commands":["true"]}}]},
              {"name":"tag","when":{"source":["test"]},"do":[{"tag":{"tags":{"Value":"${event.detail.v}"},"overwrite":true}}]}
            ]}
            """;
        var world = new WorldFile
        {
            Instances = [new() { Id = Server, Tags = new Dictionary<string, string> { ["Role"] = "pump" } }],
            Documents =
            [
                new() { Name = "Plant-Note", Parameters = ["note"], Script = "true" },
                new() { Name = "Plant-Restart", Parameters = ["note"] },
            ],
            Tables = ["once"],
        };
        await using var router = await RouterFixture.StartAsync(routes, world, ("FASTTRIGGER_ONCE_TABLE", "once"));
        router.Aws.World.AddNamedIn("vol-0aaaaaaaaaaaaaaa1");
        var file = Path.Combine(router.Aws.World.Instances[Server].Directory, "value");
        var number = 0;
        Prop.ForAll(Texts, text =>
        {
            var value = WellFormed(text);
            router.Aws.World.ForgetCalls();
            received.Clear();
            File.Delete(file);
            var detail = new JsonObject
            {
                ["v"] = value,
                ["eventName"] = "CreateVolume",
                ["responseElements"] = new JsonObject { ["volumeId"] = "vol-0aaaaaaaaaaaaaaa1" },
            };
            var (answer, error, _) = router.Handle(RouterFixture.Event(detail.ToJsonString(), $"event-{number++}"), seconds: 60);
            var reported = error?.Message ?? answer.GetRawText();
            var hasBraces = value.Contains("{{", StringComparison.Ordinal);
            var length = Encoding.UTF8.GetByteCount(value);

            // The script contains the guard, so it has less room for the value than a parameter has.
            if (File.Exists(file))
            {
                Assert.Equal(Encoding.UTF8.GetBytes(value), File.ReadAllBytes(file));
            }
            else
            {
                Assert.True(value.Contains('\0') || hasBraces || length > 10 * 1024, reported);
                Assert.Contains("route 'shell'", reported, StringComparison.Ordinal);
            }

            string[] expected = hasBraces || length > 60 * 1024 ? [] : [value];
            Assert.Equal(expected, Notes(router, "SendCommand", "Plant-Note"));
            Assert.Equal(expected, Notes(router, "StartAutomationExecution", "Plant-Restart"));

            Assert.Equal(value, JsonDocument.Parse(received[0].Body).RootElement.GetProperty("v").GetString());
            // In a text message the value is escaped as in a JSON string, so it cannot end a line.
            Assert.Equal(value, JsonDocument.Parse("\"" + received[1].Body[2..^1] + "\"").RootElement.GetString());
            Assert.DoesNotContain('\n', received[1].Body);
            var fitsHeader = !value.Any(letter => letter is < ' ' and not '\t' or '\u007f');
            Assert.Equal(fitsHeader ? 3 : 2, received.Count);

            // No instance id is made of such pieces, so nothing may be sent.
            Assert.Contains("is not the id of an instance", reported, StringComparison.Ordinal);
            var tag = router.Aws.World.Resources["vol-0aaaaaaaaaaaaaaa1"]["Value"];
            Assert.All(tag, letter => Assert.True(char.IsLetterOrDigit(letter) || !char.IsControl(letter)));
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
        Assert.False(File.Exists(s_pwned));
        // Reading the log fails unless every record is one line of JSON.
        Assert.NotEmpty(router.Logs);
    }

    [Theory]
    [InlineData("{\"v\":\"\\ud800\"}")]
    [InlineData("{\"v\":\"\\udc00x\"}")]
    public async Task An_event_with_half_of_a_surrogate_pair_is_refused_C7(string detail)
    {
        const string Action = """{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["true"]}}""";
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route(Action));
        Assert.Equal("Function.InvalidEvent", router.Handle(RouterFixture.Event(detail)).Error!.Type);
    }

    /// <summary>The parameter "note" of every such call for this document.</summary>
    private static IEnumerable<string> Notes(RouterFixture router, string operation, string document) => router.Aws.World.Calls
        .Where(call => call.Operation == operation && call.Parameters["DocumentName"]!.GetValue<string>() == document)
        .Select(call => call.Parameters["Parameters"]!["note"]![0]!.GetValue<string>());

    /// <summary>Replaces half of a surrogate pair, which no JSON and so no event can contain.</summary>
    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static int Run(string shell, string folder, string script)
    {
        var file = Path.Combine(folder, "script");
        File.WriteAllText(file, script);
        var start = shell == "busybox" ? new ProcessStartInfo("busybox", ["sh", file]) : new ProcessStartInfo(shell, [file]);
        start.Environment["FASTTRIGGER_ONCE_DIR"] = Path.Combine(folder, "state", "once");
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
        return process.ExitCode;
    }
}
