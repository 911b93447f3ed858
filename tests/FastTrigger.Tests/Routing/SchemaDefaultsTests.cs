using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Samples;
using FastTrigger.Tests.Support;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Tests.Routing;

/// <summary>A default of the schema, which docs/routes.md shows, is what the code does when the setting is absent.</summary>
public sealed class SchemaDefaultsTests
{
    /// <summary>Those that are decided only when an event comes.</summary>
    private static readonly string[] s_late =
    [
        "route.compliance", "run-command.once.by", "run-automation.once.by", "call.once.by", "start-instances.once.by",
        "stop-instances.once.by", "reboot-instances.once.by", "terminate-instances.once.by",
    ];

    /// <summary>The least that an action has, so that it is read.</summary>
    private static readonly Dictionary<string, string> s_actions = new()
    {
        ["tag"] = """{"tags": {"Owner": "x"}}""",
        ["run-command"] = """{"commands": ["true"], "targets": {"tag:Role": ["pump"]}}""",
        ["run-automation"] = """{"document": "Plant-Restart"}""",
        ["call"] = """{"url": "https://example.com/", "hmac": {"secret": "${ssm:/plant/hmac}"}}""",
        ["start-instances"] = """{"targets": {"tag:Role": ["pump"]}}""",
        ["stop-instances"] = """{"targets": {"tag:Role": ["pump"]}}""",
        ["reboot-instances"] = """{"targets": {"tag:Role": ["pump"]}}""",
        ["terminate-instances"] = """{"targets": {"tag:Role": ["pump"]}}""",
        ["check-website"] = """{"url": "https://example.com/"}""",
    };

    private static readonly string[] s_choices = ["oneOf", "anyOf", "allOf"];

    private static JsonNode Schema =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(TestEnvironment.Root, "build", "routes.schema.json")))!;

    public static TheoryData<string> Defaults => [.. Found().Select(found => found.Path)];

    [Theory]
    [MemberData(nameof(Defaults))]
    public void A_setting_that_is_absent_is_as_its_default_and_not_as_another_value(string path)
    {
        var schema = Found().Single(found => found.Path == path).Schema;
        var (absent, given, other) = (Read(path, null), Read(path, schema["default"]), Read(path, Other(schema)));
        Assert.NotEqual(absent, other);
        Assert.Equal(s_late.Contains(path), absent != given);
    }

    [Fact]
    public async Task A_rule_of_Config_gets_the_default_of_compliance()
    {
        async Task<string> CallAsync(string setting)
        {
            const string Action = """{"check-website":{"url":"https://127.0.0.1:1/","timeout":"1s"}}""";
            await using var router = await RouterFixture.StartAsync(
                "{\"routes\":[{\"name\":\"r\",\"from\":[\"config\"],\"when\":{\"ruleParameters\":{\"tagKey\":[\"Owner\"]}}," + setting
                    + "\"do\":[" + Action + "]}]}",
                new WorldFile());
            router.Handle(SampleEvents.Read("config"));
            return Assert.Single(router.Aws.World.Calls, call => call.Service == "config").Parameters.ToJsonString();
        }

        var given = Found().Single(found => found.Path == "route.compliance").Schema["default"]!.ToJsonString();
        Assert.Equal(await CallAsync(""), await CallAsync($"\"compliance\":{given},"));
        Assert.NotEqual(await CallAsync(""), await CallAsync("\"compliance\":\"NOT_APPLICABLE\","));
    }

    [Fact]
    public async Task The_default_idempotency_key_is_that_of_the_schema()
    {
        async Task<string> CommentAsync(string by)
        {
            await using var router = await RouterFixture.StartAsync(
                RouterFixture.Route(
                    """{"run-command":{"commands":["true"],"targets":{"instanceIds":["i-0aaaaaaaaaaaaaaa1"]},"once":{BY}}}"""
                        .Replace("BY", by, StringComparison.Ordinal)),
                new WorldInstance { Id = "i-0aaaaaaaaaaaaaaa1" });
            router.Act(RouterFixture.Event("{}"));
            return Assert.Single(router.Aws.World.Calls, call => call.Operation == "SendCommand").Parameters["Comment"]!.ToString();
        }

        var given = Found().Where(found => found.Path.EndsWith("once.by", StringComparison.Ordinal))
            .Select(found => found.Schema["default"]!.ToJsonString()).Distinct();
        Assert.Equal(await CommentAsync(""), await CommentAsync($"\"by\":{Assert.Single(given)}"));
        Assert.NotEqual(await CommentAsync(""), await CommentAsync("\"by\":\"${event.source}\""));
    }

    private static List<(string Path, JsonNode Schema)> Found()
    {
        var schema = Schema;
        var definitions = schema["$defs"]!.AsObject().SelectMany(definition => Find(definition.Value!, definition.Key));
        return [.. Find(schema["properties"]!["unmatched"]!, "file.unmatched"), .. definitions];
    }

    private static IEnumerable<(string Path, JsonNode Schema)> Find(JsonNode schema, string path)
    {
        var own = schema["default"] is null ? Enumerable.Empty<(string, JsonNode)>() : [(path, schema)];
        var named = (schema["properties"]?.AsObject() ?? []).SelectMany(member => Find(member.Value!, $"{path}.{member.Key}"));
        return own.Concat(named).Concat(s_choices.SelectMany(kind => schema[kind]?.AsArray() ?? []).SelectMany(one => Find(one!, path)));
    }

    private static JsonNode Other(JsonNode schema)
    {
        var given = schema["default"]!;
        return schema["enum"] is JsonArray choices ? choices.First(choice => choice!.ToString() != given.ToString())!.DeepClone()
            : given.GetValueKind() switch
            {
                JsonValueKind.True or JsonValueKind.False => !given.GetValue<bool>(),
                JsonValueKind.Number => given.GetValue<int>() + 1,
                JsonValueKind.Array => new JsonArray(500),
                _ => given.ToString().EndsWith('s') ? "7s" : given.ToString().StartsWith('$') ? "${event.id}" : "x-other",
            };
    }

    /// <summary>All that the code has made of a file with that setting.</summary>
    /// <param name="value">Null to leave the setting out, and not the object that it is in.</param>
    private static string Read(string path, JsonNode? value)
    {
        var parts = path.Split('.');
        var route = JsonNode.Parse("""{"name": "r", "when": {"x": ["y"]}}""")!.AsObject();
        var file = new JsonObject { ["routes"] = new JsonArray(route) };
        var kind = s_actions.ContainsKey(parts[0]) ? parts[0] : "check-website";
        var action = JsonNode.Parse(s_actions[kind])!.AsObject();
        route["do"] = new JsonArray(new JsonObject { [kind] = action });
        if (parts[0] == "auth")
        {
            route["from"] = new JsonArray("http");
            route["auth"] = JsonNode.Parse("""{"hmac": {"secret": "${ssm:/plant/hmac}"}}""");
        }

        if (kind == "terminate-instances")
        {
            file["allow"] = JsonNode.Parse("""{"terminate": true}""");
        }
        else if (parts[0] == "allow")
        {
            file["allow"] = new JsonObject();
        }

        var at = parts[0] switch
        {
            "file" => file,
            "allow" => file["allow"]!.AsObject(),
            "route" => route,
            "auth" => route["auth"]!.AsObject(),
            _ => action,
        };
        foreach (var part in parts[1..^1])
        {
            at[part] ??= new JsonObject();
            if (part == "resolve")
            {
                at.Remove("tag:Role");
                at[part]!["filters"] = new JsonObject { ["tag:Role"] = new JsonArray("pump") };
            }

            at = at[part]!.AsObject();
        }

        if (value is not null)
        {
            at[parts[^1]] = value.DeepClone();
        }

        var table = RoutesText.Read(file.ToJsonString(), out var problems);
        Assert.True(table is not null, problems);
        return Describe(table, []);
    }

    private static string Describe(object? value, HashSet<object> known)
    {
        switch (value)
        {
            case null or Delegate:
                return "null";
            case string or Enum or IFormattable or bool:
                return Convert.ToString(value, CultureInfo.InvariantCulture)!;
            case IEnumerable list:
                return $"[{string.Join(',', list.Cast<object?>().Select(item => Describe(item, known)))}]";
        }

        if (!value.GetType().IsValueType && !known.Add(value))
        {
            return "known";
        }

        var text = new StringBuilder(value.GetType().Name).Append('{');
        for (var type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            foreach (var field in type.GetFields(Own))
            {
                text.Append(field.Name).Append('=').Append(Describe(field.GetValue(value), known)).Append(';');
            }
        }

        return text.Append('}').ToString();
    }
}
