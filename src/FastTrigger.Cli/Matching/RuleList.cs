using System.Text;
using System.Text.Json;
using FastTrigger.Cli.Commands;
using FastTrigger.Json;
using FastTrigger.Patterns;

namespace FastTrigger.Cli.Matching;

/// <summary>
/// The rules of an account, as `aws events list-rules` prints them: one file with all, or a page a file
/// (docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRules.html).
/// </summary>
internal sealed class RuleList
{
    private const string DefaultBus = "default";

    /// <summary>Each with a name that no other has.</summary>
    private readonly List<(MatchTarget Rule, string Unique)> _rules = [];
    private readonly List<(RefusedRule Rule, string Unique)> _refused = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _arns = new(StringComparer.Ordinal);
    private readonly List<string> _empty = [];
    private int _read;
    private bool _hasPage;

    private RuleList()
    {
    }

    /// <summary>Rules of one name, as of two accounts or regions, are named by their ARNs, else with their files.</summary>
    public IReadOnlyList<MatchTarget> Rules => [.. _rules.Select(one => one.Rule with { Name = Name(one.Rule.Name, one.Unique) })];

    /// <summary>The rules whose patterns this version does not take.</summary>
    public IReadOnlyList<RefusedRule> Refused => [.. _refused.Select(one => one.Rule with { Name = Name(one.Rule.Name, one.Unique) })];

    /// <summary>The files without a rule.</summary>
    public IReadOnlyList<string> Empty => _empty;

    /// <summary>The file of the last page, when the account has more rules: every page names the next one. Else null.</summary>
    public string? Incomplete { get; private set; }

    /// <exception cref="UsageException">A file is no such list, or no file has a rule.</exception>
    public static RuleList Read(IReadOnlyList<string> files)
    {
        var list = new RuleList();
        foreach (var file in files)
        {
            var before = list._read;
            var text = LocalFiles.ReadText(file);
            using var input = new MemoryStream(text);
            // Only a file of several pages is read one after the other. Else a mistake has its place in the whole text.
            var whole = SavedEvent.Read(file, text);
            foreach (var page in whole.Problem is null ? [whole] : JsonLines.Read(input, file))
            {
                if (page.Problem is { } problem)
                {
                    if (text.AsSpan().TrimStart(" \t\r\n"u8) is not [(byte)'{' or (byte)'[', ..])
                    {
                        throw NoList($"{file} is not JSON", file);
                    }

                    throw new UsageException(list._read == before ? whole.Problem! : problem);
                }

                using var document = EventJson.Parse(page.Payload, out _);
                list.ReadPage(file, document!.RootElement);
            }

            if (list._read == before)
            {
                list._empty.Add(file);
            }
        }

        return list._read > 0 ? list
            : throw NoList($"there is no rule in {string.Join(", ", files)}", files[0]);
    }

    private void ReadPage(string file, JsonElement page)
    {
        var rules = page.ValueKind == JsonValueKind.Object && page.TryGetProperty(nameof(Rules), out var found) ? found : page;
        if (rules.ValueKind != JsonValueKind.Array || !rules.EnumerateArray().All(rule => Text(rule, "Name").Length > 0))
        {
            throw EventFiles.IsList(page, "routes")
                ? new UsageException($"{file} is a routes file\nuse --routes {file}")
                : NoList($"{file} is no list of rules", file);
        }

        Incomplete = (_hasPage && Incomplete is null) || Text(page, "NextToken").Length == 0 ? null : file;
        _hasPage = true;
        foreach (var rule in rules.EnumerateArray())
        {
            ReadRule(file, rule);
        }
    }

    private string Name(string name, string unique) => _names[name] > 1 ? unique : name;

    private void ReadRule(string file, JsonElement rule)
    {
        _read++;
        var arn = Text(rule, "Arn");
        if (arn.Length > 0 && !_arns.Add(arn))
        {
            // A page that is named twice.
            return;
        }

        var bus = Text(rule, "EventBusName");
        var name = bus.Length == 0 || bus == DefaultBus ? Text(rule, "Name") : $"{bus}/{Text(rule, "Name")}";
        var unique = arn.Length > 0 ? arn : $"{name} of {file}";
        _names[name] = _names.GetValueOrDefault(name) + 1;
        if (rule.TryGetProperty("EventPattern", out var given) && given.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
        {
            const string Right = "aws events list-rules prints it as text: \"EventPattern\": \"{...}\"";
            _refused.Add((new(name, $"{file}: rule '{ShownJson.Name(name)}': EventPattern is {Kind(given)}; {Right}"), unique));
            return;
        }

        var (pattern, schedule, state) = (Text(rule, "EventPattern"), Text(rule, "ScheduleExpression"), Text(rule, "State"));
        var disabled = state == "DISABLED" ? "the rule is DISABLED" : null;
        if (pattern.Length == 0)
        {
            var only = schedule.Length > 0 ? $"it has no pattern, only its schedule {ShownJson.Name(schedule)}" : "it has no pattern";
            _rules.Add((new(name, null, []) { Idle = disabled ?? only, Arn = disabled is null ? arn : "" }, unique));
            return;
        }

        var text = Encoding.UTF8.GetBytes(pattern);
        var problems = new JsonProblems($"{file}: rule '{ShownJson.Name(name)}': EventPattern", text);
        if (ReadPattern(text, problems) is not { } node)
        {
            _refused.Add((new(name, problems.ToString()), unique));
            return;
        }

        _rules.Add((new(name, node, text) { Idle = disabled, GetsNoReads = state == "ENABLED" }, unique));
    }

    /// <summary>Null, with the mistakes, when this version does not take the pattern.</summary>
    public static ObjectNode? ReadPattern(byte[] text, JsonProblems problems)
    {
        var node = JsonNodeReader.Read(text, problems) is { } root ? PatternReader.Read(root, problems) : null;
        Json.JsonText.Explain(text, problems);
        var at = EventJson.FindMistake(text, JsonCommentHandling.Disallow, out _);
        if (!problems.Any && text.AsSpan(at).StartsWith("/"u8))
        {
            problems.Add(at, "a pattern of EventBridge has no comment");
        }

        return problems.Any ? null : node;
    }

    /// <summary>The advice names another file than the one that was given, which it would replace.</summary>
    private static UsageException NoList(string problem, string file)
    {
        var other = Path.GetFileName(file) == "rules.json" ? "list.json" : "rules.json";
        return new($"{problem}\nthis makes a list: aws events list-rules --output json >{other}");
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };

    private static string Text(JsonElement rule, string name) => rule.ValueKind == JsonValueKind.Object
        && rule.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
