using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using FastTrigger.Cli.Storm;
using FastTrigger.Json;
using FastTrigger.Tests.Documentation;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Storm;

/// <summary>What is wrong with a scenario is said where it stands.</summary>
public sealed class ScenarioReaderTests
{
    private const string Arrivals = """ "arrivals": {"perSecond": 1, "seconds": 1} """;

    [Theory]
    [InlineData("{}", 1, 1, "a scenario needs 'arrivals'")]
    [InlineData("{\"arrivals\": {\"perSecond\": 1}}", 1, 14, "'arrivals' needs 'seconds'")]
    [InlineData("{\"arrivals\": {\"perSecond\": 0, \"seconds\": 1}}", 1, 28, "'perSecond' takes a number from 0.01 to 10000, not 0")]
    [InlineData("{\"arrivals\": {\"perSecond\": 1, \"seconds\": 1.5}}", 1, 42, "'seconds' takes a whole number from 1 to 3600, not 1.5")]
    [InlineData("{\"arrivals\": {\"kind\": \"bursts\"}}", 1, 23, "'kind' is \"bursts\"; did you mean 'burst'?")]
    [InlineData("{\n  \"arival\": 1}", 2, 3, "'arival' is no key of a scenario; did you mean 'arrivals'?")]
    [InlineData("{ARRIVALS, \"warm\": 1}", 1, 0, "'warm' takes true or false, not 1")]
    [InlineData("{ARRIVALS, \"memory\": 64}", 1, 0, "'memory' takes a whole number from 128 to 10240, not 64")]
    [InlineData("{ARRIVALS, \"environments\": []}", 1, 0, "'environments' takes at least one limit, such as [100]")]
    [InlineData("{ARRIVALS, \"environments\": [0]}", 1, 0, "a limit of environments is 1 to 10000, not 0")]
    [InlineData("{ARRIVALS, \"environments\": [5], \"provisioned\": 6}", 1, 0, "'provisioned' is at most the largest of 'environments'")]
    [InlineData("{ARRIVALS, \"quotas\": [{\"operation\": \"CreateTags\"}]}", 1, 0, "an entry of 'quotas' needs 'bucket'")]
    [InlineData("{ARRIVALS, \"quotas\": [QUOTA, QUOTA]}", 1, 0, "ec2:CreateTags has a quota already")]
    [InlineData("{ARRIVALS, \"queue\": {\"batchSize\": 11}}", 1, 0, "a 'batchSize' over 10 needs 'windowSeconds' of 1 or")]
    [InlineData("{\"arrivals\": {\"perSecond\": 9999, \"seconds\": 999}}", 1, 14, "'arrivals' takes at most 1000000 events")]
    [InlineData("{", 1, 0, "")]
    [InlineData("[]", 1, 1, "a scenario takes an object, not an array")]
    public void A_mistake_has_its_line_and_column(string text, int line, int column, string message)
    {
        const string Quota = """{"operation": "ec2:CreateTags", "bucket": 1, "refillPerSecond": 1}""";
        var bytes = Encoding.UTF8.GetBytes(text
            .Replace("ARRIVALS", Arrivals, StringComparison.Ordinal)
            .Replace("QUOTA", Quota, StringComparison.Ordinal));
        var problems = new JsonProblems("scenario.json", bytes);
        Assert.Null(ScenarioReader.Read(bytes, problems));
        var problem = problems.Found.First(found => found.Message.StartsWith(message, StringComparison.Ordinal));
        Assert.Equal(line, problem.Line);
        // Where the place depends on what is replaced, it only has to be one.
        Assert.True(column == 0 ? problem.Column > 0 : problem.Column == column, problem.ToString());
    }

    [Fact]
    public void An_operation_that_no_service_has_is_a_mistake()
    {
        const string Quota = """[{"operation": "ec2:CreateTag", "bucket": 1, "refillPerSecond": 1}]""";
        var text = Encoding.UTF8.GetBytes($$"""{{{Arrivals}}, "quotas": {{Quota}}}""");
        var problems = new JsonProblems("scenario.json", text);
        Assert.Null(ScenarioReader.Read(text, problems));
        Assert.Contains("'operation' is \"ec2:CreateTag\"; did you mean 'ec2:CreateTags'?", problems.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_shipped_scenarios_are_right_and_have_the_documented_quotas()
    {
        var launches = Load("storm-launches.json");
        var plan = launches.CreatePlan();
        Assert.Equal(10_000, plan.Times().Count() * launches.Instances);
        var tags = launches.Quotas.Single(quota => quota.Operation == "ec2:CreateTags");
        Assert.Equal(DocumentedQuotas.Find("ec2:CreateTags"), tags);
        Assert.Null(DocumentedQuotas.Find("ssm:SendCommand"));
        var commands = launches.Quotas.Single(quota => quota.Operation == "ssm:SendCommand");
        Assert.StartsWith("assumed", commands.Source, StringComparison.Ordinal);
        Assert.Equal([1, 10, 50, 100], Load("storm-concurrency.json").Environments);
    }

    [Fact]
    public void A_scenario_has_a_run_for_each_limit_pool_and_queue()
    {
        var scenario = StormFixture.Scenario() with { Environments = [50, 1, 50], Warm = true, Provisioned = 5, Queue = new() };
        Assert.Equal(
            [
                "on demand, at most 1",
                "on demand, at most 50",
                "warm pool of 50",
                "5 provisioned, at most 50",
                "SQS, batches of up to 10, at most 50",
            ],
            StormVariant.Of(scenario).Select(variant => variant.Name));
    }

    [Fact]
    public void The_page_explains_every_key_and_shows_a_scenario_that_is_read()
    {
        var page = MarkdownPage.Open("docs/performance.md");
        var rows = page.Text.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 6)
            .ToDictionary(cells => cells[1].Trim('`'), cells => (Takes: cells[3], Default: cells[4]));
        foreach (var (name, takes, initial) in Keys(StormJson.Default.StormScenario, ""))
        {
            Assert.Equal((name, takes, initial), (name, rows[name].Takes, rows[name].Default));
        }

        foreach (var name in (string[])["storm-launches.json", "storm-concurrency.json"])
        {
            Assert.Contains($"--scenario build/coldstart/{name}", page.Text, StringComparison.Ordinal);
        }
    }

    /// <summary>Each key with what it takes and its default, as the page says them.</summary>
    private static IEnumerable<(string Name, string Takes, string Default)> Keys(JsonTypeInfo type, string path)
    {
        var initial = type.Type.GetConstructor([])!.Invoke([]);
        foreach (var property in type.Properties.Where(property => property.Get is not null))
        {
            var element = property.PropertyType.IsGenericType ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
            if (StormJson.Default.GetTypeInfo(element) is { Kind: JsonTypeInfoKind.Object } inner)
            {
                foreach (var key in Keys(inner, $"{path}{property.Name}."))
                {
                    yield return key;
                }

                continue;
            }

            var rules = property.AttributeProvider!.GetCustomAttributes(typeof(ValidationAttribute), inherit: true);
            var takes = rules switch
            {
                [RangeAttribute range] => FormattableString.Invariant($"{range.Minimum:#,0.##} to {range.Maximum:#,0.##}"),
                [AllowedValuesAttribute allowed] => string.Join(", ", allowed.Values),
                _ when element == typeof(bool) => "true or false",
                _ when property.Name == "environments" => "a list of 1 to 10,000",
                _ => "text",
            };
            yield return (path + property.Name, takes, property.IsRequired ? "required" : Shown(property, property.Get!(initial)));
        }
    }

    private static string Shown(JsonPropertyInfo property, object? value) => value switch
    {
        null when property.Name == "instances" => "as the event file",
        null or "" => "none",
        bool isSet => isSet ? "true" : "false",
        IEnumerable<int> list => $"[{string.Join(", ", list)}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static StormScenario Load(string name) =>
        ScenarioReader.Load(Path.Combine(TestEnvironment.Root, "build", "coldstart", name));
}
