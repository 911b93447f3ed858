using FastTrigger.Configuration;
using FastTrigger.Telemetry;
using FastTrigger.Tests.Support;
using Microsoft.Win32.SafeHandles;

namespace FastTrigger.Tests.Telemetry;

public sealed class LogTests
{
    [Fact]
    public void A_JSON_record_has_the_fields_of_Lambda_and_is_one_line()
    {
        var line = Write(json: true, LogLevel.Info, log =>
            log.Write(LogLevel.Error, "id-1", "two\nlines", ("name", "a\"b\u2028"), default, ("count", 5)));
        var root = JsonDocument.Parse(line).RootElement;
        Assert.Equal(["timestamp", "level", "message", "requestId", "name", "count"], root.EnumerateObject().Select(member => member.Name));
        Assert.Equal("ERROR", root.GetProperty("level").GetString());
        Assert.Equal("two\nlines", root.GetProperty("message").GetString());
        Assert.Equal("id-1", root.GetProperty("requestId").GetString());
        Assert.Equal("a\"b\u2028", root.GetProperty("name").GetString());
        Assert.Equal(5, root.GetProperty("count").GetInt32());
        Assert.Single(line.TrimEnd('\n').Split('\n', '\u2028'));
    }

    [Fact]
    public void The_content_of_a_text_record_cannot_start_a_new_line_C7_2()
    {
        const string Detail = "evil\n2026-01-01T00:00:00.000Z ERROR fake\r\u0085\u2028\u001b[31m \"quoted\"";
        const string Escaped = "evil\\u000a2026-01-01T00:00:00.000Z ERROR fake\\u000d\\u0085\\u2028\\u001b[31m \\\"quoted\\\"";
        var line = Write(json: false, LogLevel.Info, log => log.Write(LogLevel.Info, "id-1", "message", ("detail", Detail), ("n", 1)));
        Assert.EndsWith($"INFO id-1 message detail=\"{Escaped}\" n=1\n", line, StringComparison.Ordinal);
        Assert.Equal(1, line.Count(letter => letter == '\n'));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_viewer_does_not_show_as_it_is_is_escaped_in_every_form(bool json)
    {
        var text = HiddenCharacters.All + "\ud800|\udc00 whole \ud83d\ude00";
        var line = Write(json, LogLevel.Info, log => log.Write(LogLevel.Info, "id-1", text, ("field", text)));
        Assert.DoesNotContain(line, letter => HiddenCharacters.All.Contains(letter) || letter == '\ufffd');
        foreach (var letter in HiddenCharacters.All)
        {
            Assert.Contains($"\\u{(int)letter:x4}", line, StringComparison.Ordinal);
        }

        // JSON has no half characters (RFC 8259, 8.2); the text form shows which half it was.
        var halves = json ? "\\ufffd|\\ufffd" : "\\ud800|\\udc00";
        Assert.Contains(halves + " whole \ud83d\ude00", line, StringComparison.Ordinal);
        if (json)
        {
            var message = JsonDocument.Parse(line).RootElement.GetProperty("message").GetString();
            Assert.StartsWith(HiddenCharacters.All, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_long_text_is_cut_so_that_CloudWatch_takes_its_record()
    {
        var text = new string('\u0001', 2_000_000);
        var line = Write(json: true, LogLevel.Info, log => log.Write(LogLevel.Info, "id-1", "m", ("detail", text)));
        Assert.InRange(line.Length, 16 * 1024 * 6, 200_000);
        Assert.EndsWith(" (cut)\"}\n", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, ""","route":"r","detail":"(redacted)","ms":1}""")]
    [InlineData(false, """ route="r" detail="(redacted)" ms=1""")]
    public void The_text_of_a_redacted_field_is_not_written(bool json, string end)
    {
        var line = Write(
            json,
            LogLevel.Info,
            log => log.Write(LogLevel.Info, "id-1", "message", ("route", "r"), ("detail", "secret"), ("ms", 1)),
            ["detail", "ms"]);
        Assert.EndsWith(end + "\n", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_below_the_level_is_not_written() =>
        Assert.Equal("", Write(json: true, LogLevel.Warn, log => log.Write(LogLevel.Info, null, "quiet")));

    [Fact]
    public void Records_of_DEBUG_are_written_for_a_share_of_the_invocations()
    {
        const int Invocations = 20_000;
        string[] ids = [.. Enumerable.Range(0, Invocations).Select(static _ => Guid.NewGuid().ToString())];
        var text = Write(json: false, LogLevel.Debug, debugShare: Log.All / 10, write: log =>
        {
            foreach (var id in ids)
            {
                log.Write(LogLevel.Debug, id, "first");
                log.Write(LogLevel.Debug, id, "second");
            }

            log.Write(LogLevel.Debug, null, "of no invocation");
            log.Write(LogLevel.Info, ids[0], "always");
            log.Write(LogLevel.Info, ids[1], "always");
        });
        var lines = text.TrimEnd('\n').Split('\n');
        Assert.EndsWith("of no invocation", lines[^3], StringComparison.Ordinal);
        Assert.All(lines[^2..], static line => Assert.EndsWith("always", line, StringComparison.Ordinal));
        // All or nothing of an invocation. Its share is six standard deviations wide.
        var sampled = lines[..^3].GroupBy(static line => line.Split(' ')[2]).ToList();
        Assert.All(sampled, static records => Assert.Equal(2, records.Count()));
        Assert.InRange(sampled.Count, 0.0873 * Invocations, 0.1127 * Invocations);
    }

    [Theory]
    [InlineData(null, 1_000_000, false)]
    [InlineData("0", 0, false)]
    [InlineData("0.01", 10_000, false)]
    [InlineData("0.000001", 1, false)]
    [InlineData("0.5", 500_000, false)]
    [InlineData("1", 1_000_000, false)]
    [InlineData("1.01", 1_000_000, true)]
    [InlineData("0.0000001", 1_000_000, true)]
    [InlineData("0.", 1_000_000, true)]
    [InlineData("-0.5", 1_000_000, true)]
    [InlineData("0.-5", 1_000_000, true)]
    [InlineData("1%", 1_000_000, true)]
    [InlineData("0,5", 1_000_000, true)]
    [InlineData("NaN", 1_000_000, true)]
    public void The_share_is_a_setting(string? text, int share, bool isMistake)
    {
        var mistakes = new List<string>();
        var settings = Settings.Read(name => name == "FASTTRIGGER_DEBUG_SAMPLE" ? text : null, mistakes);
        Assert.Equal(share, settings.DebugShare);
        string[] expected = isMistake ? [$"FASTTRIGGER_DEBUG_SAMPLE is '{text}'; a share from 0 to 1 is expected, as in 0.01"] : [];
        Assert.Equal(expected, mistakes);
    }

    internal static string Write(
        bool json, LogLevel level, Action<Log> write, IReadOnlyList<string>? redacted = null, int debugShare = Log.All)
    {
        var path = Path.GetTempFileName();
        using (SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            write(new Log(json, level, new TestClock(), (int)file.DangerousGetHandle(), redacted, debugShare));
        }

        var text = File.ReadAllText(path);
        File.Delete(path);
        return text;
    }
}
