using System.Text.Json.Nodes;
using FastTrigger.Cli.Commands;
using FastTrigger.Cli.Matching;

namespace FastTrigger.Tests.Matching;

/// <summary>The file of --rules: one document, however it is broken into lines, and what to do with another file.</summary>
public sealed class RuleListTests : IDisposable
{
    private const string Rule = """{"Name":"a","State":"ENABLED","EventPattern":"{\"source\":[\"a\"]}"}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-rule-list-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_list_with_one_rule_a_line_is_one_document()
    {
        var other = Rule.Replace("\"a\",", "\"b\",", StringComparison.Ordinal);
        var list = RuleList.Read([Write("r.json", $"{{\"Rules\":[\n{Rule},\n{other}\n]}}")]);
        Assert.Equal(["a", "b"], list.Rules.Select(rule => rule.Name));
    }

    [Theory]
    [InlineData("{\"Rules\":[\n{},\n{}\n{}\n]}", "r.json:3:3: a comma is missing here")]
    [InlineData("{\"Rules\":[\n", "r.json:1:10: this [ is not closed")]
    [InlineData("{\"Rules\":[\n{\"Name\":\"\\ud800\"}]}", "r.json:2:10: half of a surrogate pair is not a character")]
    public void A_mistake_in_a_list_has_its_place_in_the_whole_document(string text, string problem)
    {
        var error = Assert.Throws<UsageException>(() => RuleList.Read([Write("r.json", text)]));
        Assert.StartsWith(Path.Combine(_folder, problem), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("e.json", "{\"source\":\"x\"}", "is no list of rules\nthis makes a list: aws events list-rules --output json >rules.json")]
    [InlineData("rules.json", "{}", "is no list of rules\nthis makes a list: aws events list-rules --output json >list.json")]
    [InlineData("r.yaml", "Rules:\n- Arn: x\n", "is not JSON\nthis makes a list: aws events list-rules --output json >rules.json")]
    [InlineData("routes.json", "{\"routes\":[]}", "is a routes file\nuse --routes FILE")]
    public void A_file_of_another_kind_is_refused_without_advice_that_would_overwrite_it(string name, string text, string expected)
    {
        var file = Write(name, text);
        var error = Assert.Throws<UsageException>(() => RuleList.Read([file]));
        Assert.Equal($"{file} {expected.Replace("FILE", file, StringComparison.Ordinal)}", error.Message);
    }

    [Fact]
    public void A_list_of_rules_is_no_routes_file()
    {
        var file = Write("r.json", $"{{\"Rules\":[{Rule}]}}");
        var error = Assert.Throws<UsageException>(() => MatchSet.OfRoutes(file));
        Assert.Equal($"{file} is a list of rules\nuse --rules {file}", error.Message);
    }

    [Fact]
    public void A_rule_and_the_name_of_a_file_are_no_pattern()
    {
        var file = Write("rule.json", Rule);
        var error = Assert.Throws<UsageException>(() => MatchSet.OfPattern($"@{file}"));
        Assert.StartsWith($"{file} is a rule: the pattern is the text of EventPattern\n", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<UsageException>(() => MatchSet.OfPattern(file));
        Assert.Equal($"--pattern takes JSON\nfor a file write --pattern @{file}", error.Message);
    }

    [Fact]
    public void A_rule_that_is_disabled_or_has_only_a_schedule_is_not_left_over()
    {
        const string Rules = """
            [{"Name":"a","EventPattern":"{\"source\":[\"aws.events\"]}"},
             {"Name":"off","State":"DISABLED","EventPattern":"{\"source\":[\"x\"]}"},
             {"Name":"night","Arn":"arn:night","ScheduleExpression":"rate(1 day)"},
             {"Name":"day","Arn":"arn:day","ScheduleExpression":"rate(1 day)"}]
            """;
        const string Scheduled = """
            {"version":"0","id":"1","detail-type":"Scheduled Event","source":"aws.events","resources":["arn:night"],"detail":{}}
            """;
        var list = RuleList.Read([Write("r.json", Rules)]);
        var one = new SavedEvent("e", Encoding.UTF8.GetBytes(Scheduled));
        var tally = new MatchTally(list.Rules, []);
        tally.Add(one, new Matcher(list.Rules, null).Match(one.Payload, out _));
        Assert.True(tally.IsCovered);
        Assert.Equal([1, 0, 1, 0], tally.Routes.Select(rule => rule.Taken));
        Assert.Empty(tally.Never);
        Assert.Equal(["off", "day"], tally.Idle.Select(rule => rule.Name));
    }

    [Theory]
    [InlineData("ENABLED", "Describe", true, true, false)]
    [InlineData("ENABLED", "Test", true, true, true)]
    [InlineData("ENABLED", "Describe", false, true, true)]
    [InlineData("ENABLED", "Describe", true, false, true)]
    [InlineData("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", "Describe", true, true, true)]
    public void A_rule_gets_calls_that_only_read_when_its_state_says_so(
        string state,
        string verb,
        bool isRead,
        bool isManagement,
        bool isTaken)
    {
        var detail = $$"""{"eventName":"{{verb}}Instances","readOnly":{{Json(isRead)}},"managementEvent":{{Json(isManagement)}}}""";
        var call = $$"""{"id":"1","source":"aws.ec2","detail-type":"AWS API Call via CloudTrail","detail":{{detail}}}""";
        var rule = $$"""[{"Name":"a","State":"{{state}}","EventPattern":"{\"source\":[\"aws.ec2\"]}"}]""";
        var matcher = new Matcher(RuleList.Read([Write("r.json", rule)]).Rules, null);
        var found = Assert.Single(Assert.Single(matcher.Match(Encoding.UTF8.GetBytes(call), out _)).Routes);
        Assert.Equal(isTaken, found.Matches);
        Assert.Equal(isTaken ? "" : "its pattern matches", found.Hint);
        Assert.Equal(!isTaken, found.Reason.EndsWith("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", StringComparison.Ordinal));

        static string Json(bool value) => value ? "true" : "false";
    }

    [Theory]
    [InlineData("""{"source": ["a"] /* of mine */}""", "1:18: a pattern of EventBridge has no comment")]
    [InlineData("""{"source": ["/a"]} // of mine""", "1:20: a pattern of EventBridge has no comment")]
    public void A_pattern_with_a_comment_is_refused_as_PutRule_refuses_it(string pattern, string problem)
    {
        var rule = new JsonObject { ["Name"] = "a", ["EventPattern"] = pattern };
        var refused = Assert.Single(RuleList.Read([Write("r.json", $"[{rule.ToJsonString()}]")]).Refused);
        Assert.EndsWith(problem, refused.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_not_UTF_8_is_said()
    {
        var error = Assert.Throws<UsageException>(() => RuleList.Read(["\uFFFD.json"]));
        Assert.EndsWith("rename it: its name has to be UTF-8", error.Message, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
