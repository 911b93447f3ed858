using FastTrigger.Cli.LocalAws.Models;
using FastTrigger.Tests.Support;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Tests.Routing;

/// <summary>
/// A setting that goes into a request of AWS takes nothing that AWS's model of the request refuses. Each setting of the schema is either
/// here, or named as one that AWS does not see as it is written.
/// </summary>
public sealed class SettingLimitsTests
{
    private const string Command = """{"commands": ["true"], "targets": {"tag:Role": ["pump"]}, """;

    private const string Automation = """{"document": "Plant-Restart", """;

    private const string Role = "arn:aws:iam::123456789012:role/plant";

    private static readonly string[] s_choices = ["oneOf", "anyOf", "allOf"], s_named = ["properties", "patternProperties"];

    /// <summary>Settings that are made into something else, or are of no request of AWS.</summary>
    private static readonly string[] s_own =
    [
        "run-command.commands[]", "run-command.environment.*", "run-command.once.by",
        "run-command.comment", "run-command.workingDirectory", "run-command.executionTimeoutSeconds", "run-command.wait.timeout",
        "run-command.wait.output", "run-command.targets.resolve.filters.*[]", "run-command.targets.resolve.max", "run-command.region",
        "run-command.parameters.*", "run-command.parameters.*[]", "run-command.targets.^tag:.+[]",
        "run-command.targets.resource-groups:Name[]", "run-command.targets.resource-groups:ResourceTypeFilters[]",
        "run-automation.targets.ParameterValues[]", "run-automation.targets.resource-groups:Name[]", "run-automation.targets.^tag:.+[]",
        "run-automation.once.by", "run-automation.wait.timeout", "run-automation.region",
        // TagValue makes the values legal.
        "tag.tags.*", "tag.skip[]", "tag.region", "role.sessionTags.*",
    ];

    /// <summary>Texts that one or another limit refuses.</summary>
    private static readonly string[] s_texts =
    [
        "", " ", "a", "ab", "abc", "0", "1", "01", "0%", "00%", "5%", "05%", "100%", "101%", "1000%", "1234567", "12345678", "-1", "1.5",
        "$LATEST", "$DEFAULT", "$latest", "LATEST", "a b", "a!b", "a,b", "a+b", "a:b", "a/b", "a#b", "A_B", "Größe", ".abc", "abc-",
        "i-0123", "i-0123456789abcdef0", "i-0123456789ABCDEF0", "mi-0123456789abcdef0", "arn:", "arn:aws:iam::1:role/x", Role, Role + " x",
        "arn:aws:ssm:us-east-1:123456789012:document/Plant", "arn:aws:ssm:us-east-1:123456789012:document/Plant Valve",
        .. Enumerable.Range(1, 12).Select(static power => new string('a', (1 << power) + 1)),
        new('a', 50), new('a', 51), new('a', 63), new('a', 64), new('a', 100), new('a', 128), new('a', 255), new('a', 256), new('a', 500),
        new('a', 501), new('a', 512), new('a', 1_224), new('a', 1_225), new('a', 2_048),
        $"arn:aws:iam::123456789012:role/{new('a', 2_048)}",
    ];

    public static TheoryData<string, string, string, string> Settings => new()
    {
        { "run-command.document", "ssm/DocumentARN", """{"document": @, "targets": {"tag:Role": ["pump"]}}""", "Plant-Valve" },
        { "run-command.documentVersion", "ssm/DocumentVersion", Command + "\"documentVersion\": @}", "12" },
        { "run-command.documentHash", "ssm/DocumentHash", Command + "\"documentHash\": @}", new('a', 64) },
        { "run-command.maxConcurrency", "ssm/MaxConcurrency", Command + "\"maxConcurrency\": @}", "25%" },
        { "run-command.maxErrors", "ssm/MaxErrors", Command + "\"maxErrors\": @}", "0" },
        { "run-command.outputS3BucketName", "ssm/S3BucketName", Command + "\"outputS3BucketName\": @}", "plant.output-1" },
        {
            "run-command.outputS3KeyPrefix", "ssm/S3KeyPrefix",
            Command + "\"outputS3BucketName\": \"plant\", \"outputS3KeyPrefix\": @}", "valves/"
        },
        {
            "run-command.cloudWatchOutputConfig.cloudWatchLogGroupName", "ssm/CloudWatchLogGroupName",
            Command + "\"cloudWatchOutputConfig\": {\"cloudWatchLogGroupName\": @}}", "/plant/valves"
        },
        { "run-command.serviceRoleArn", "sts/arnType", Command + Notify("@", "\"arn:aws:sns:us-east-1:123456789012:plant\""), Role },
        {
            "run-command.notificationConfig.notificationArn", "sts/arnType",
            Command + Notify($"\"{Role}\"", "@"), "arn:aws:sns:us-east-1:123456789012:plant"
        },
        { "run-command.alarmConfiguration.alarms[]", "ssm/AlarmName", Command + "\"alarmConfiguration\": {\"alarms\": [@]}}", "tank high" },
        {
            "run-command.targets.instanceIds[]", "ssm/InstanceId",
            """{"commands": ["true"], "targets": {"instanceIds": [@]}}""", "i-0123456789abcdef0"
        },
        { "run-automation.document", "ssm/DocumentARN", """{"document": @}""", "AWS-RestartEC2Instance" },
        { "run-automation.documentVersion", "ssm/DocumentVersion", Automation + "\"documentVersion\": @}", "$DEFAULT" },
        { "run-automation.parameters.*", "ssm/AutomationParameterValue", Automation + "\"parameters\": {\"Line\": @}}", "4" },
        { "run-automation.parameters.*[]", "ssm/AutomationParameterValue", Automation + "\"parameters\": {\"Line\": [@]}}", "4" },
        {
            "run-automation.targetParameterName", "ssm/AutomationParameterKey",
            Automation + "\"targets\": {\"tag:Role\": [\"a\"]}, \"targetParameterName\": @}", "InstanceId"
        },
        { "run-automation.maxConcurrency", "ssm/MaxConcurrency", Automation + "\"maxConcurrency\": @}", "10" },
        { "run-automation.maxErrors", "ssm/MaxErrors", Automation + "\"maxErrors\": @}", "5%" },
        { "role", "sts/arnType", """{"document": "Plant-Restart", "role": @}""", Role },
        { "role.arn", "sts/arnType", """{"document": "Plant-Restart", "role": {"arn": @}}""", Role },
        {
            "role.externalId", "sts/externalIdType",
            $$$"""{"document": "Plant-Restart", "role": {"arn": "{{{Role}}}", "externalId": @}}""", "plant-7"
        },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_setting_takes_nothing_that_AWSs_model_refuses(string setting, string shape, string action, string right)
    {
        var model = ServiceModel.Load(shape.Split('/')[0]).Shape(shape.Split('/')[1]);
        var name = setting.StartsWith("run-command", StringComparison.Ordinal) ? "run-command" : "run-automation";
        Assert.True(IsTaken(name, action, right, out var problems), problems);
        Assert.Equal([], s_texts.Where(text => IsTaken(name, action, text, out _) && !Takes(model, text)).Select(Shorten));
    }

    [Theory]
    [InlineData("deliveryTimeoutSeconds", "TimeoutSeconds")]
    public void A_number_has_the_limits_of_AWSs_model(string setting, string shape)
    {
        var model = ServiceModel.Load("ssm").Shape(shape);
        foreach (var (number, isRight) in ((int, bool)[])[
            (model.Min!.Value - 1, false), (model.Min.Value, true), (model.Max!.Value, true), (model.Max.Value + 1, false)])
        {
            var action = $$"""{{Command}}"{{setting}}": {{number}}}""";
            Assert.Equal(isRight, IsTaken("run-command", action, "", out _));
        }
    }

    [Fact]
    public void Every_setting_of_a_call_of_AWS_is_compared()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(TestEnvironment.Root, "build", "routes.schema.json")))!["$defs"]!;
        var found = ((string[])["run-command", "run-automation", "tag", "role"])
            .SelectMany(name => Leaves(schema, schema[name]!, name)).Distinct().Order(StringComparer.Ordinal);
        var known = Settings.Select(row => row.Data.Item1).Concat(s_own).Append("run-command.deliveryTimeoutSeconds");
        Assert.Equal(found, known.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"allow": {"regions": [^"eu-central"]}}""", "'regions' takes names of regions, such as \"eu-central-1\"")]
    [InlineData("""{"allow": {"accounts": [^"12345"]}}""", "'accounts' takes accounts of 12 digits, not \"12345\"")]
    [InlineData("""{"allow": {"roles": [^"Plant"]}}""", "'roles' takes ARNs of roles, arn:aws:iam::ACCOUNT:role/NAME, not \"Plant\"")]
    [InlineData("""{"allow": {"documents": [^"My Document"]}}""", "'documents' takes the name of a document, 3 to 128 letters")]
    public void A_list_of_allow_has_the_form_of_what_it_lists(string marked, string expected) => MistakesTests.Expect(marked, expected);

    [Theory]
    [InlineData("""{"commands": ^["@"], "targets": {"tag:a": ["b"]}}""", 'x', 61_000, "'commands' have 61000 bytes, which make 6")]
    [InlineData("""{"commands": ^["@"], "targets": {"tag:a": ["b"]}}""", '\'', 16_000, "'commands' have 16000 bytes, which make 6")]
    [InlineData("""{"commands": ^["@"], "once": false, "targets": {"tag:a": ["b"]}}""", 'x', 61_440, "which make 61461 with guard")]
    [InlineData("""{"commands": ^["a"], "environment": {"A": "@"}, "targets": {"tag:a": ["b"]}}""", 'x', 61_000, "'commands' have 1 bytes")]
    [InlineData("""{"document": "Own", "parameters": ^{"A": "@"}, "targets": {"tag:a": ["b"]}}""", 'x', 62_000, "takes at most 60 KB")]
    public void What_fits_into_no_document_is_found_before_an_event_comes(string action, char letter, int count, string expected) =>
        MistakesTests.Expect(Route("run-command", action.Replace("@", new string(letter, count), StringComparison.Ordinal)), expected);

    [Theory]
    [InlineData("""{"commands": ["@"], "targets": {"tag:a": ["b"]}}""", 55_000)]
    [InlineData("""{"commands": ["@"], "shell": "powershell", "targets": {"tag:a": ["b"]}}""", 40_000)]
    public void What_fits_is_taken(string action, int count) =>
        Assert.True(IsTaken("run-command", action.Replace("@", new string('x', count), StringComparison.Ordinal), "", out _));

    private static string Notify(string role, string topic) => "\"serviceRoleArn\": " + role
        + ", \"notificationConfig\": {\"notificationArn\": " + topic + ", \"notificationEvents\": [\"All\"]}}";

    private static string Route(string name, string action) =>
        "{\"routes\":[{\"name\":\"a\",\"when\":{\"x\":[\"y\"]},\"do\":[{\"" + name + "\":" + action + "}]}]}";

    private static bool IsTaken(string name, string action, string text, out string problems)
    {
        var quoted = System.Text.Json.Nodes.JsonValue.Create(text).ToJsonString();
        return RoutesText.Read(Route(name, action.Replace("@", quoted, StringComparison.Ordinal)), out problems) is not null;
    }

    private static bool Takes(Shape shape, string text) =>
        text.Length >= (shape.Min ?? 0) && text.Length <= (shape.Max ?? int.MaxValue) && shape.Pattern?.IsMatch(text) != false;

    private static string Shorten(string text) => text.Length <= 60 ? text : $"{text[..60]}... ({text.Length})";

    /// <summary>The paths of all texts and numbers. A text of a few is compared elsewhere.</summary>
    private static IEnumerable<string> Leaves(JsonNode definitions, JsonNode schema, string path)
    {
        if (schema["$ref"]?.ToString() is { } reference)
        {
            var name = reference["#/$defs/".Length..];
            return name == "role" ? [] : Leaves(definitions, definitions[name]!, path);
        }

        var parts = s_choices.SelectMany(kind => schema[kind]?.AsArray() ?? [])
            .SelectMany(choice => Leaves(definitions, choice!, path));
        var named = s_named.SelectMany(kind => schema[kind]?.AsObject() ?? [])
            .SelectMany(member => Leaves(definitions, member.Value!, $"{path}.{member.Key}"));
        var others = schema["additionalProperties"] is System.Text.Json.Nodes.JsonObject any ? Leaves(definitions, any, $"{path}.*") : [];
        var items = schema["items"] is { } item ? Leaves(definitions, item, $"{path}[]") : [];
        string[] own = schema["type"]?.ToString() is "string" or "integer" ? [path] : [];
        return [.. own, .. parts, .. named, .. others, .. items];
    }
}
