using System.Text.RegularExpressions;
using FastTrigger.Telemetry;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Documentation;

/// <summary>docs/operate.md names every metric, and the queries use fields that it names.</summary>
public sealed partial class OperatePageTests
{
    private static readonly MarkdownPage s_page = MarkdownPage.Open("docs/operate.md");

    /// <summary>What Logs Insights knows itself.</summary>
    private static readonly string[] s_words =
    [
        "fields", "filter", "stats", "sort", "limit", "parse", "as", "by", "desc", "asc", "and", "or", "in", "like", "ispresent",
        "count", "sum", "pct", "max", "bin", "timestamp", "logStream", "m", "h",
    ];

    [Fact]
    public void It_names_every_metric_of_an_invocation()
    {
        var names = Enum.GetNames<MetricName>();
        string[] all = [.. names, "ActionDuration", "AwsCallDuration"];
        Assert.All(all, name => Assert.Contains($"`{name}`", s_page.Text, StringComparison.Ordinal));
        var metrics = new InvocationMetrics("f");
        foreach (var metric in Enum.GetValues<MetricName>())
        {
            metrics.Add(metric, 1);
        }

        var line = Telemetry.LogTests.Write(json: true, LogLevel.Info, log => log.WriteInvocation(LogLevel.Info, "id", [], metrics));
        var declared = JsonDocument.Parse(line).RootElement.GetProperty("_aws").GetProperty("CloudWatchMetrics")[0].GetProperty("Metrics");
        Assert.Equal(names, declared.EnumerateArray().Select(metric => metric.GetProperty("Name").GetString()!));
    }

    [Fact]
    public void It_names_every_field_that_can_be_redacted_and_others_are_a_mistake()
    {
        Assert.All(Log.RedactableFields, static name => Assert.Contains($"`{name}`", s_page.Text, StringComparison.Ordinal));
        var mistakes = new List<string>();
        string? Variable(string name) => name == "FASTTRIGGER_REDACT" ? "item, detail,password" : null;
        Assert.Equal(["item", "detail", "password"], Configuration.Settings.Read(Variable, mistakes).Redact!);
        var mistake = Assert.Single(mistakes);
        Assert.StartsWith("FASTTRIGGER_REDACT names 'password'; these fields can be redacted: detail, ", Assert.Single(mistakes));
    }

    [Fact]
    public void Each_query_stands_on_it_and_uses_only_fields_of_it()
    {
        var files = Directory.GetFiles(Path.Combine(TestEnvironment.Root, "build", "queries"));
        Assert.Equal(10, files.Length);
        foreach (var file in files)
        {
            Assert.Contains($"](../build/queries/{Path.GetFileName(file)})", s_page.Text, StringComparison.Ordinal);
            var lines = File.ReadAllLines(file);
            Assert.StartsWith("# ", lines[0], StringComparison.Ordinal);
            var text = Quoted().Replace(string.Join('\n', lines[1..]), "");
            var made = Made().Matches(text).Select(match => match.Groups[1].Value);
            foreach (var word in Word().Matches(text).Select(match => match.Value).Except(s_words).Except(made))
            {
                Assert.True(s_page.Text.Contains($"`{word}`", StringComparison.Ordinal), $"{file}: {word}");
            }
        }
    }

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@" as (\w+)")]
    private static partial Regex Made();

    [GeneratedRegex("[A-Za-z][A-Za-z0-9]*")]
    private static partial Regex Word();
}
