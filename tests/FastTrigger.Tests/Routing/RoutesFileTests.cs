using FastTrigger.Routing;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Routing;

public sealed class RoutesFileTests
{
    private const string Run = """{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["true"]}}""";

    [Fact]
    public void The_demo_is_without_mistakes()
    {
        var routes = File.ReadAllText(TestEnvironment.Demo("routes.json"));
        Assert.Equal(6, RoutesText.Read(routes, out _)!.Routes.Count);
    }

    [Fact]
    public void Ten_mistakes_are_told_at_once_each_with_its_place_C1_1()
    {
        const string Text = """
            {
              "unmached": "success",
              "unmatched": "maybe",
              "allow": { "accounts": "123456789012" },
              "routes": [
                { "name": "a b", "when": { "x": "y" }, "do": [{ "tag": { "tags": { "aws:x": "1" } } }] },
                { "name": "b", "when": { "x": ["y"] }, "schedule": "rate(5 min)", "do": [] },
                { "name": "c", "when": { "x": ["y"] }, "from": ["fax"], "do": [{ "reblot": {} }] },
                { "name": "c", "when": { "x": ["y"] }, "do": [{ "run-command": { "targets": {}, "commands": ["${event.x}"] } }] }
              ]
            }
            """;
        Assert.Null(RoutesText.Read(Text, out var problems));
        var lines = problems.Split('\n');
        string[] expected =
        [
            "file:2:3: 'unmached' is not a key of routes.json in this version; did you mean 'unmatched'?",
            "file:3:16: 'unmatched' takes \"success\" or \"error\", not \"maybe\"",
            "file:4:26: 'accounts' takes a list of strings",
            "file:6:15: 'name' takes 1 to 64 letters, digits, hyphens, dots and underscores, not \"a b\"",
            "file:6:37: 'x' in a pattern takes an array of values or an object, not a string; write [\"y\"]",
            "file:6:72: tag keys beginning with aws: belong to AWS",
            "file:7:5: a route has 'when' or 'schedule', not both",
            "file:7:56: rate() takes a number and minutes, hours or days: rate(5 minutes)",
            "file:7:77: 'do' takes a list of at least one action, not an empty one",
            "file:8:53: 'fax' is no source that this version knows; it has scheduler, eventbridge, sns, s3, logs, alarm, ses, "
                + "codecommit, iotevents, direct, sqs, kinesis, dynamodb, kafka, mq, documentdb, pipes, authorizer, http, s3batch, "
                + "firehose, cognito, lex, alexa, codepipeline, config, cloudformation",
            "file:8:70: 'reblot' is no action that this version carries out; it has tag, run-command, run-automation, "
                + "start-instances, stop-instances, reboot-instances, terminate-instances, call, check-website, handler",
            "file:9:15: two routes are named 'c'",
        ];
        foreach (var line in expected)
        {
            Assert.Contains(line, lines);
        }

        Assert.Contains(lines, line =>
            line.StartsWith("file:9:", StringComparison.Ordinal)
            && line.Contains("commands are literal shell text", StringComparison.Ordinal));
        Assert.Contains(lines, line =>
            line.StartsWith("file:9:", StringComparison.Ordinal) && line.Contains("'targets' takes", StringComparison.Ordinal));
        Assert.Equal(14, lines.Length);
    }

    [Theory]
    [InlineData("", "1:1: this is not JSON: the text ends too early")]
    [InlineData("{\n  \"routes\": [}\n", "2:14: this is not JSON: unexpected '}'")]
    [InlineData("[]", "1:1: routes.json takes an object, not an array")]
    [InlineData("{}", "1:1: routes.json needs 'routes': a list of routes")]
    [InlineData("""{"routes":[],"routes":[]}""", "1:14: 'routes' is given twice")]
    public void A_file_that_is_no_routes_file_is_explained(string text, string problem)
    {
        Assert.Null(RoutesText.Read(text, out var problems));
        Assert.Contains("file:" + problem, problems, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_of_many_keys_is_known_or_a_mistake_C1_1()
    {
        var unknown = string.Join(", ", Enumerable.Range(0, 70).Select(i => $"\"x{i}\": 0"));
        const string Known = """
            "name": "a", "when": {"source": ["x"]}, "do": [{"tag": {"tags": {"Owner": "x"}}}]
            """;
        Assert.Null(RoutesText.Read($$"""{"routes": [ { {{unknown}}, "": 0, {{Known}}, "name": "b" } ]}""", out var problems));
        var lines = problems.Split('\n');
        Assert.Equal(72, lines.Length);
        Assert.Equal(71, lines.Count(line => line.Contains("is not a key of a route", StringComparison.Ordinal)));
        Assert.EndsWith("'name' is given twice", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        Assert.Null(RoutesFile.Load("/nowhere/routes.json", null, out var problem));
        Assert.Contains("/nowhere/routes.json", problem, StringComparison.Ordinal);
        Assert.Contains("No such file", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"run-command":{"commands":["true"]}}""", "run-command needs 'targets'")]
    [InlineData("""{"run-command":{"targets":{"tag:Role":["x"]}}}""", "run-command needs 'commands'")]
    [InlineData("""{"run-command":{"targets":{"tag:Role":["${event.detail.role}"]},"commands":["true"]}}""", "may not go here")]
    [InlineData("""{"run-command":{"targets":{"Role":["x"]},"commands":["true"]}}""", "'Role' is no target")]
    [InlineData("""{"run-command":{"targets":{"tag:A":["x"],"instanceIds":["i-1"]},"commands":["true"]}}""", "only one of them")]
    [InlineData(
        """
        {"run-command":{"commands":["true"],
         "targets":{"tag:A":["1"],"tag:B":["1"],"tag:C":["1"],"tag:D":["1"],"tag:E":["1"],"tag:F":["1"]}}}
        """,
        "at most 5 tags")]
    [InlineData("""{"run-command":{"targets":{"tag:Role":["x"]},"commands":["#!/usr/bin/python3"]}}""", "'shell' picks")]
    [InlineData("""{"run-command":{"targets":{"tag:Role":["x"]},"commands":["echo {{ ssm:/x }}"]}}""", "{{ssm:...}}")]
    [InlineData("""{"run-command":{"targets":{"tag:Role":["x"]},"commands":["echo ${env.X}"]}}""", "put the value into 'environment'")]
    [InlineData(
        """{"run-command":{"targets":{"tag:Role":["x"]},"commands":["true"],"shell":"python"}}""",
        "\"sh\", \"bash\" or \"powershell\"")]
    [InlineData(
        """{"run-command":{"targets":{"tag:Role":["x"]},"commands":["true"],"environment":{"LD_PRELOAD":"x"}}}""",
        "LD_PRELOAD is a variable of shells or programs")]
    [InlineData(
        """{"run-command":{"targets":{"tag:Role":["x"]},"commands":["true"],"environment":{"a-b":"x"}}}""",
        "letters, digits and _")]
    [InlineData(
        """{"run-command":{"targets":{"tag:Role":["x"]},"commands":["true"],"deliveryTimeoutSeconds":5}}""",
        "a whole number from 30 to 2592000, not 5")]
    [InlineData("""{"run-command":{"targets":{"tag:Role":["x"]},"commands":["true"],"maxConcurrency":"0"}}""", "'maxConcurrency' takes")]
    [InlineData("""{"run-command":{"targets":{"tag:Role":["x"]},"commands":["true"],"maxErrors":"x%"}}""", "'maxErrors' takes")]
    [InlineData("""{"run-command":{"targets":{"tag:Role":["x"]},"commands":["true"],"documentVersion":"x"}}""", "'documentVersion' takes")]
    [InlineData(
        """{"run-command":{"targets":{"tag:Role":["x"]},"commands":["true"],"wait":{"output":9999}}}""",
        "a whole number from 0 to 2500, not 9999")]
    [InlineData(
        """{"run-command":{"targets":{"tag:Role":["x"]},"commands":["true"],"once":{"per":"plant"}}}""",
        "'per' takes \"server\" or \"event\", not \"plant\"")]
    [InlineData("""{"tag":{"tags":{"a":"b"},"region":"${event.region}"}}""", "the name of a region")]
    [InlineData("""{"tag":{}}""", "tag needs 'tags'")]
    [InlineData("""{"tag":{"tags":{"Owner":5}}}""", "'Owner' takes a string")]
    [InlineData("""{"check-website":{}}""", "check-website needs 'url'")]
    [InlineData("""{"check-website":{"url":"ftp://x"}}""", "a URL begins with")]
    [InlineData("""{"check-website":{"url":"https://${event.detail.host}/"}}""", "may not go here")]
    [InlineData("""{"check-website":{"url":"https://x/","timeout":"5"}}""", "a duration such as")]
    [InlineData("""{"handler":{}}""", "handler needs 'name'")]
    [InlineData("""{"tag":{},"handler":{}}""", "an object with one key")]
    public void An_action_that_cannot_be_carried_out_is_a_mistake(string action, string problem)
    {
        Assert.Null(RoutesText.Read($$"""{"routes":[{"name":"a","when":{"x":["y"]},"do":[{{action}}]}]}""", out var problems));
        Assert.Contains(problem, problems, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rate(1 minute)", true)]
    [InlineData("rate(0 minutes)", false)]
    [InlineData("cron(0 6 * * ? *)", true)]
    [InlineData("cron(0 6 * * * *)", false)]
    [InlineData("cron(0 6 * *)", false)]
    [InlineData("at(2026-11-20T00:00:00)", false)]
    public void A_schedule_is_a_rate_or_a_cron(string schedule, bool right)
    {
        var table = RoutesText.Read(
            $$"""{"routes":[{"name":"a","schedule":"{{schedule}}","timezone":"Europe/Berlin","do":[{{Run}}]}]}""",
            out _);
        Assert.Equal(right, table is not null);
    }

    [Fact]
    public void A_document_that_allow_does_not_list_is_a_mistake_C6_2()
    {
        Assert.Null(RoutesText.Read(
            $$"""{"allow":{"documents":["Other"]},"routes":[{"name":"a","when":{"x":["y"]},"do":[{{Run}}]}]}""",
            out var problems));
        Assert.Contains("allow.documents does not list", problems, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_allow_does_not_list_is_a_mistake_C6_2()
    {
        Assert.Null(RoutesText.Read(
            """
            {"allow":{"hosts":["example.com"]},"routes":[
              {"name":"a","when":{"x":["y"]},"do":[{"check-website":{"url":"https://example.org/"}}]}]}
            """,
            out var problems));
        Assert.Contains("allow.hosts does not list example.org", problems, StringComparison.Ordinal);
    }
}
