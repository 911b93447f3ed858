namespace FastTrigger.NativeTests;

/// <summary>fasttrigger match --rules: the rules of an account, in the shape that `aws events list-rules` prints.</summary>
public sealed class MatchRulesTests : IDisposable
{
    private const string First = """
        {
            "Rules": [
                {
                    "Name": "plant-levels",
                    "Arn": "arn:aws:events:eu-central-1:123456789012:rule/plant-levels",
                    "EventPattern": "{\"source\":[\"water.plant\"],\"detail\":{\"level\":[{\"numeric\":[\">\",80]}]}}",
                    "State": "ENABLED",
                    "EventBusName": "default"
                },
                {
                    "Name": "plant-levels-old",
                    "Arn": "arn:aws:events:eu-central-1:123456789012:rule/plant-levels-old",
                    "EventPattern": "{\n  \"source\": [\"water.plant\"]\n}",
                    "State": "DISABLED",
                    "Description": "Until March",
                    "EventBusName": "default"
                },
                {
                    "Name": "every-night",
                    "Arn": "arn:aws:events:eu-central-1:123456789012:rule/every-night",
                    "State": "ENABLED",
                    "ScheduleExpression": "cron(0 2 * * ? *)",
                    "EventBusName": "default"
                }
            ],
            "NextToken": "eyJOZXh0VG9rZW4iOiBudWxsLCAiYm90b190cnVuY2F0ZV9hbW91bnQiOiAzfQ=="
        }

        """;

    private const string Second = """
        {
            "Rules": [
                {
                    "Name": "AutoScalingManagedRule",
                    "Arn": "arn:aws:events:eu-central-1:123456789012:rule/AutoScalingManagedRule",
                    "EventPattern": "{\"source\":[\"aws.ec2\"],\"detail-type\":[\"EC2 Instance Rebalance Recommendation\"]}",
                    "State": "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
                    "ManagedBy": "autoscaling.amazonaws.com",
                    "EventBusName": "default"
                },
                {
                    "Name": "strange",
                    "Arn": "arn:aws:events:eu-central-1:123456789012:rule/strange",
                    "EventPattern": "{\n  \"source\": [{\"regex\": \"x\"}]\n}",
                    "State": "ENABLED",
                    "EventBusName": "default"
                },
                {
                    "Name": "levels",
                    "Arn": "arn:aws:events:eu-central-1:123456789012:rule/plant/levels",
                    "EventPattern": "{\"detail-type\":[{\"prefix\":\"Tank \"}]}",
                    "State": "ENABLED",
                    "EventBusName": "plant"
                }
            ]
        }

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-rules-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_rule_of_all_pages_is_tried_and_a_refused_pattern_is_named_with_its_place()
    {
        var (first, second) = (await WriteAsync("1.json", First), await WriteAsync("2.json", Second));
        var (exitCode, output, error) = await RunAsync("tank-high.json", "--rules", first, "--rules", second);
        Assert.Equal(1, exitCode);
        Assert.Equal(
            $"{second}: rule 'strange': EventPattern:2:15: 'regex' is not an operator that this version supports; "
                + "use prefix, suffix, equals-ignore-case, anything-but, numeric, exists, wildcard or cidr\n",
            error);
        Assert.Equal(
            """
            build/demo/tank-high.json eventbridge
              plant-levels matches
              plant-levels-old does not match: the rule is DISABLED; its pattern matches
              every-night does not match: it has no pattern, only its schedule cron(0 2 * * ? *)
              AutoScalingManagedRule does not match
                source wants "aws.ec2", and the event has "water.plant"
                detail-type wants "EC2 Instance Rebalance Recommendation", and the event has "Tank Level"
              plant/levels matches
            the rules take 1 of 1 item in 1 event; 1 rule could not be tried

            """,
            output);
    }

    [Fact]
    public async Task Pages_in_one_file_are_read_and_a_missing_page_is_said()
    {
        var both = await WriteAsync("both.json", First + Second);
        var (exitCode, output, error) = await RunAsync("tank-high.json", "--rules", both, "--route", "plant/levels");
        // A rule that cannot be tried is not asked for.
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("  plant/levels matches\nrule 'plant/levels' takes 1 of 1 item", output, StringComparison.Ordinal);
        var first = await WriteAsync("1.json", First);
        (exitCode, _, error) = await RunAsync("tank-high.json", "--rules", first);
        Assert.Equal(0, exitCode);
        Assert.Equal(
            $"{first} has a NextToken: the account has more rules; get the next page with --starting-token, and name its file too\n",
            error);
        (exitCode, _, _) = await RunAsync("launch.json", "--rules", first);
        Assert.Equal(1, exitCode);
    }

    [Fact]
    public async Task A_rule_that_cannot_be_tried_is_refused_by_its_name_with_the_reason()
    {
        var second = await WriteAsync("2.json", Second);
        var (exitCode, output, error) = await RunAsync("tank-high.json", "--rules", second, "--route", "strange");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith(
            $"rule 'strange' cannot be tried\n{second}: rule 'strange': EventPattern:2:15: 'regex' is not",
            error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_of_one_name_are_told_apart_and_a_rule_that_is_there_twice_counts_once()
    {
        var (first, second) = (await WriteAsync("1.json", First), await WriteAsync("2.json", Second));
        var other = await WriteAsync("3.json", First.Replace("eu-central-1", "us-east-1", StringComparison.Ordinal));
        var bare = await WriteAsync("4.json", """[{"Name": "r", "EventPattern": "{\"source\": [\"x\"]}"}]""");
        var again = await WriteAsync("5.json", """[{"Name": "r", "EventPattern": "{\"source\": [\"y\"]}"}]""");
        string[] files = [first, second, other, second, bare, again];
        var (_, output, error) = await RunAsync("tank-high.json", ["--json", .. files.SelectMany(file => (string[])["--rules", file])]);
        var names = JsonNode.Parse(output.TrimEnd().Split('\n')[^1])!["summary"]!["routes"]!.AsArray().Select(one => $"{one!["route"]}");
        Assert.Equal(
            [
                "arn:aws:events:eu-central-1:123456789012:rule/plant-levels",
                "arn:aws:events:eu-central-1:123456789012:rule/plant-levels-old",
                "arn:aws:events:eu-central-1:123456789012:rule/every-night",
                "AutoScalingManagedRule",
                "plant/levels",
                "arn:aws:events:us-east-1:123456789012:rule/plant-levels",
                "arn:aws:events:us-east-1:123456789012:rule/plant-levels-old",
                "arn:aws:events:us-east-1:123456789012:rule/every-night",
                $"r of {bare}",
                $"r of {again}",
            ],
            names);
        // The refused rule is said once too.
        Assert.Equal(2, error.Split("rule 'strange'").Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"Rules\": []}")]
    public async Task A_list_without_rules_beside_another_is_named(string text)
    {
        var (first, empty) = (await WriteAsync("1.json", First), await WriteAsync("2.json", text));
        var (exitCode, _, error) = await RunAsync("tank-high.json", "--rules", first, "--rules", empty, "--route", "plant-levels");
        Assert.Equal((0, $"{empty} has no rule\n"), (exitCode, error.Split(first)[0]));
    }

    [Theory]
    [InlineData("{\"source\": [\"water.plant\"]}", "an object")]
    [InlineData("5", "a number")]
    [InlineData("deep", "an object")]
    public async Task A_pattern_that_is_no_text_is_named(string pattern, string kind)
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 70)) + "[\"x\"]" + new string('}', 70);
        var text = $"[{{\"Name\": \"r\", \"EventPattern\": {(pattern == "deep" ? deep : pattern)}}}]";
        var file = await WriteAsync("rules.json", text);
        var (exitCode, _, error) = await RunAsync("tank-high.json", "--rules", file);
        Assert.Equal(1, exitCode);
        Assert.StartsWith(
            $"{file}: rule 'r': EventPattern is {kind}; aws events list-rules prints it as text",
            error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("{\"Rules\": []}")]
    public async Task A_list_without_rules_tries_nothing(string text)
    {
        var file = await WriteAsync("rules.json", text);
        var (exitCode, output, error) = await RunAsync("tank-high.json", "--rules", file);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith($"there is no rule in {file}\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pattern_of_many_levels_is_explained_in_a_document_too()
    {
        var or = string.Concat(Enumerable.Repeat("{\"$or\": [{\"b\": [\"y\"]}, ", 120)) + "{\"a\": [\"x\"]}"
            + string.Concat(Enumerable.Repeat("]}", 120));
        var (exitCode, output, error) = await RunAsync("tank-high.json", "--json", "--pattern", or);
        Assert.Equal((1, ""), (exitCode, error));
        Assert.Contains("\"wants\":\"[\\\"x\\\"]\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rules_that_no_event_of_a_folder_matches_are_named()
    {
        var first = await WriteAsync("1.json", First);
        var events = Directory.CreateDirectory(Path.Combine(_folder, "events")).FullName;
        File.Copy(Path.Combine(Artifacts.Root, Artifacts.Demo("tank-high.json")), Path.Combine(events, "tank.json"));
        var (exitCode, output, _) = await Artifacts.RunToolAsync(["match", "--coverage", events, "--rules", first]);
        Assert.Equal(0, exitCode);
        Assert.Equal(
            """
            rule 'plant-levels' takes 1
            rule 'plant-levels-old' takes none (the rule is DISABLED)
            rule 'every-night' takes none (it has no pattern, only its schedule cron(0 2 * * ? *))
            the rules take 1 of 1 item in 1 event; 2 rules cannot take any

            """,
            output);
    }

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(string name, params string[] arguments) =>
        Artifacts.RunToolAsync(["match", Artifacts.Demo(name), .. arguments]);

    private async Task<string> WriteAsync(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(file, text, Artifacts.Token);
        return file;
    }
}
