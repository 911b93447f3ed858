using System.Diagnostics;
using FastTrigger.Actions.RunCommand;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace FastTrigger.Tests.Actions;

/// <summary>Event text is data (C7): whatever it is, it arrives to the byte where it may go, or is refused and nothing is run.</summary>
public sealed class HostileTextTests
{
    private const string Server = "i-0aaaaaaaaaaaaaaa1";

    /// <summary>Made by nobody but a shell that has taken a value for script.</summary>
    private static readonly string s_pwned = Path.Combine(Path.GetTempPath(), $"fasttrigger-pwned-{Guid.NewGuid():n}");

    private static readonly string[] s_pieces =
    [
        "'", "\"", "`", "$", "$(", ")", $"$(touch {s_pwned})", $"`touch {s_pwned}`", "${IFS}", "{{ssm:/plant/key}}", "{{", "}}", "\n", "\r\n", "\t", "\\", "\\'", "'\\''", ";", "&&", "|", ">", "<", "#", "!", "~",
        "*", "?", "-", "--", "-rf", "=", "%s", "%n", "\u0000", "\u0001", "\u001b[31m", "\u007f", "\u0085", "\u2028", "\u2029", "\ufeff", "é", "😀", "\ud800", "\udc00", "EOF", " ", "  ", "a", "0", "PATH=/tmp", "<i>&amp;</i>", "]]>", "../", "%00", "%0a",
    ];

    /// <summary>Texts of such pieces, and now and then a very long one.</summary>
    private static Arbitrary<string> Texts => Gen.Frequency(
        (9, Gen.Elements(s_pieces).ListOf().Select(pieces => string.Concat(pieces))),
        (3, ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "")),
        (1, Gen.Elements(s_pieces).Select(piece => string.Concat(Enumerable.Repeat(piece, 100 * 1024 / piece.Length))))).ToArbitrary();

    public static TheoryData<string, bool> Shells => new() { { "dash", true }, { "dash", false }, { "bash", true }, { "busybox", true }, { "busybox", false } };

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
                // Refused before, which another test holds.
                return true;
            }

            var output = Path.Combine(folder, $"{number++}");
            var script = new CommandScript(shell == "bash" ? CommandShell.Bash : CommandShell.Sh, "printf '%s' \"$VALUE\" > \"$OUT\"", guarded ? $"{number:x64}" : null, RerunInterrupted: false)
                .Write([("VALUE", value), ("OUT", output)]);
            Assert.Equal(0, Run(shell, folder, script));
            return File.ReadAllBytes(output).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(value));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
        Assert.False(File.Exists(s_pwned));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Through_every_place_that_takes_it_a_value_arrives_to_the_byte_or_is_refused_C7()
    {
        var received = new List<(string Header, string Body)>();
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            var request = (await SocketServer.ReadRequestAsync(stream, token))!;
            var header = request.Split("\r\n").Select(line => line.Split(": ", 2)).FirstOrDefault(pair => pair[0] == "X-Value")?[1] ?? "";
            received.Add((header, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]))));
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), token);
        });
        var routes = $$$$"""
            {"routes":[
              {"name":"shell","when":{"source":["test"]},"do":[{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["printf '%s' \"$V\" > value"],"environment":{"V":"${event.detail.v}"},"wait":true}}]},
              {"name":"document","when":{"source":["test"]},"do":[{"run-command":{"targets":{"tag:Role":["pump"]},"document":"Plant-Note","parameters":{"note":"${event.detail.v}"},"once":{"by":"${item.id} ${event.detail.v}"}}}]},
              {"name":"automation","when":{"source":["test"]},"do":[{"run-automation":{"document":"Plant-Restart","parameters":{"note":["${event.detail.v}"]}}}]},
              {"name":"json","when":{"source":["test"]},"do":[{"call":{"url":"http://127.0.0.1:{{{{server.Port}}}}/","message":{"v":"${event.detail.v}"},"once":false}}]},
              {"name":"text","when":{"source":["test"]},"do":[{"call":{"url":"http://127.0.0.1:{{{{server.Port}}}}/","message":"v=${event.detail.v}!","once":false}}]},
              {"name":"header","when":{"source":["test"]},"do":[{"call":{"url":"http://127.0.0.1:{{{{server.Port}}}}/","headers":{"X-Value":"${event.detail.v}"},"once":false}}]},
              {"name":"ids","when":{"source":["test"]},"do":[{"run-command":{"targets":{"instanceIds":["${event.detail.v}"]},"commands":["true"]}}]},
              {"name":"tag","when":{"source":["test"]},"do":[{"tag":{"tags":{"Value":"${event.detail.v}"},"overwrite":true}}]}
            ]}
            """;
        var world = new WorldFile
        {
            Instances = [new() { Id = Server, Tags = new Dictionary<string, string> { ["Role"] = "pump" } }],
            Documents = [new() { Name = "Plant-Note", Parameters = ["note"], Script = "true" }, new() { Name = "Plant-Restart", Parameters = ["note"] }],
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
            var detail = new System.Text.Json.Nodes.JsonObject { ["v"] = value, ["eventName"] = "CreateVolume", ["responseElements"] = new System.Text.Json.Nodes.JsonObject { ["volumeId"] = "vol-0aaaaaaaaaaaaaaa1" } };
            var (answer, error, _) = router.Handle(RouterFixture.Event(detail.ToJsonString(), $"event-{number++}"), seconds: 60);
            var told = error?.Message ?? answer.GetRawText();
            var refusedBySystemsManager = value.Contains("{{", StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(value) > 60 * 1024;

            // The shell, with the guard around it; the script has a little less room than a parameter.
            if (File.Exists(file))
            {
                Assert.Equal(Encoding.UTF8.GetBytes(value), File.ReadAllBytes(file));
            }
            else
            {
                Assert.True(value.Contains('\0') || value.Contains("{{", StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(value) > 10 * 1024, told);
                Assert.Contains("route 'shell'", told, StringComparison.Ordinal);
            }

            var sent = router.Aws.World.Calls.Where(call => call.Operation == "SendCommand" && call.Parameters["DocumentName"]!.GetValue<string>() == "Plant-Note").ToList();
            Assert.Equal(refusedBySystemsManager ? [] : [value], sent.Select(call => call.Parameters["Parameters"]!["note"]![0]!.GetValue<string>()));
            var started = router.Aws.World.Calls.Where(call => call.Operation == "StartAutomationExecution").ToList();
            Assert.Equal(refusedBySystemsManager ? [] : [value], started.Select(call => call.Parameters["Parameters"]!["note"]![0]!.GetValue<string>()));

            Assert.Equal(value, JsonDocument.Parse(received[0].Body).RootElement.GetProperty("v").GetString());
            // In a text it stands as it would in a JSON string, so it cannot end a line.
            Assert.Equal(value, JsonDocument.Parse("\"" + received[1].Body[2..^1] + "\"").RootElement.GetString());
            Assert.DoesNotContain('\n', received[1].Body);
            var fitsHeader = !value.Any(letter => letter is < ' ' and not '\t' or '\u007f');
            Assert.Equal(fitsHeader ? 3 : 2, received.Count);

            // No id of an instance is made of such pieces, so nothing may be sent to it.
            Assert.Contains("is not the id of an instance", told, StringComparison.Ordinal);
            Assert.All(router.Aws.World.Resources["vol-0aaaaaaaaaaaaaaa1"]["Value"], letter => Assert.True(char.IsLetterOrDigit(letter) || !char.IsControl(letter)));
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
        Assert.False(File.Exists(s_pwned));
        // Every record is one line of JSON, or this would not have been read.
        Assert.NotEmpty(router.Logs);
    }

    [Theory]
    [InlineData("{\"v\":\"\\ud800\"}")]
    [InlineData("{\"v\":\"\\udc00x\"}")]
    public async Task Half_a_surrogate_pair_is_no_text_and_the_event_is_refused_C7(string detail)
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route("""{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["true"]}}"""));
        Assert.Equal("Function.InvalidEvent", router.Handle(RouterFixture.Event(detail)).Error!.Type);
    }

    /// <summary>JSON cannot hold half of a surrogate pair, so no event brings one.</summary>
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
