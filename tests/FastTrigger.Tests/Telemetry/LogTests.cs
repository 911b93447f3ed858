using FastTrigger.Telemetry;
using FastTrigger.Tests.Support;
using Microsoft.Win32.SafeHandles;

namespace FastTrigger.Tests.Telemetry;

public sealed class LogTests
{
    [Fact]
    public void A_json_record_has_lambdas_fields_and_is_one_line()
    {
        var line = Write(json: true, LogLevel.Info, log => log.Write(LogLevel.Error, "id-1", "two\nlines", ("name", "a\"b\u2028"), default, ("count", 5)));
        var root = JsonDocument.Parse(line).RootElement;
        Assert.Equal(["timestamp", "level", "message", "requestId", "name", "count"], root.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("ERROR", "two\nlines", "id-1", "a\"b\u2028", 5), (root.GetProperty("level").GetString(), root.GetProperty("message").GetString(), root.GetProperty("requestId").GetString(), root.GetProperty("name").GetString(), root.GetProperty("count").GetInt32()));
        Assert.Single(line.TrimEnd('\n').Split('\n', '\u2028'));
    }

    [Fact]
    public void A_text_record_cannot_be_broken_by_what_it_says_C7_2()
    {
        var line = Write(json: false, LogLevel.Info, log => log.Write(LogLevel.Info, "id-1", "message", ("detail", "evil\n2026-01-01T00:00:00.000Z ERROR fake\r\u0085\u2028\u001b[31m \"quoted\""), ("n", 1)));
        Assert.EndsWith("INFO id-1 message detail=\"evil\\u000a2026-01-01T00:00:00.000Z ERROR fake\\u000d\\u0085\\u2028\\u001b[31m \\\"quoted\\\"\" n=1\n", line, StringComparison.Ordinal);
        Assert.Equal(1, line.Count(letter => letter == '\n'));
    }

    [Fact]
    public void What_is_below_the_level_is_not_written() => Assert.Equal("", Write(json: true, LogLevel.Warn, log => log.Write(LogLevel.Info, null, "quiet")));

    private static string Write(bool json, LogLevel level, Action<Log> write)
    {
        var path = Path.GetTempFileName();
        using (SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            write(new Log(json, level, new TestClock(), (int)file.DangerousGetHandle()));
        }

        var text = File.ReadAllText(path);
        File.Delete(path);
        return text;
    }
}
