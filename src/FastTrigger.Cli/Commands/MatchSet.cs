using System.Text;
using System.Text.Json;
using FastTrigger.Cli.Matching;
using FastTrigger.Cli.Routes;
using FastTrigger.Json;

namespace FastTrigger.Cli.Commands;

/// <summary>What the events of a command are matched with: the routes of a file, the rules of an account, or one pattern.</summary>
/// <param name="Noun">What one of them is: route, rule or pattern.</param>
/// <param name="Refused">Those that cannot be tried.</param>
internal sealed record MatchSet(string Noun, Matcher Matcher, IReadOnlyList<RefusedRule> Refused)
{
    public const string Pattern = "pattern";

    /// <summary>Null when the file has mistakes, which it writes to standard error.</summary>
    public static MatchSet? OfRoutes(string file)
    {
        Console.Error.WriteLine($"routes: {file}");
        var text = LocalFiles.Read(file);
        var problems = new JsonProblems(file, text);
        if (RoutesDocument.Compile(text, problems) is { } routes)
        {
            return new("route", Matcher.Of(routes), []);
        }

        using var document = EventJson.Parse(text, out _);
        if (document is not null && EventFiles.IsList(document.RootElement, "Rules"))
        {
            throw new UsageException($"{file} is a list of rules\nuse --rules {file}");
        }

        Console.Error.WriteLine(problems);
        return null;
    }

    /// <summary>The rules that can be tried, and those that cannot.</summary>
    /// <exception cref="UsageException">A file is no list of rules.</exception>
    public static MatchSet OfRules(IReadOnlyList<string> files)
    {
        var list = RuleList.Read(files);
        foreach (var file in list.Empty)
        {
            Console.Error.WriteLine($"{file} has no rule");
        }

        if (list.Incomplete is { } last)
        {
            Console.Error.WriteLine(
                $"{last} has a NextToken: the account has more rules; get the next page with --starting-token, and name its file too");
        }

        return new("rule", new(list.Rules, null), list.Refused);
    }

    /// <summary>Null when the pattern has mistakes, which it writes to standard error.</summary>
    /// <param name="given">JSON, or the name of its file behind file:// or @, as the AWS CLI and curl take them.</param>
    public static MatchSet? OfPattern(string given)
    {
        var file = given.StartsWith("file://", StringComparison.Ordinal) ? given[7..]
            : given.StartsWith("fileb://", StringComparison.Ordinal) ? given[8..]
            : given.StartsWith('@') ? given[1..]
            : null;
        var text = file is null ? Encoding.UTF8.GetBytes(given) : LocalFiles.ReadText(file);
        var problems = new JsonProblems(file ?? "--pattern", text);
        if (RuleList.ReadPattern(text, problems) is { } pattern)
        {
            return new(Pattern, new([new(Pattern, pattern, text)], null), []);
        }

        if (file is null && File.Exists(given))
        {
            throw new UsageException($"--pattern takes JSON\nfor a file write --pattern @{given}");
        }

        using var document = EventJson.Parse(text, out _);
        if (document?.RootElement is { ValueKind: JsonValueKind.Object } root
            && root.TryGetProperty("EventPattern", out var inner)
            && inner.ValueKind == JsonValueKind.String)
        {
            throw new UsageException(
                $"{file ?? "--pattern"} is a rule: the pattern is the text of EventPattern\n"
                    + "aws events describe-rule --name NAME --query EventPattern --output text prints it alone");
        }

        Console.Error.WriteLine(problems);
        return null;
    }

    /// <summary>One of them alone; all of them when no name is given.</summary>
    /// <exception cref="UsageException">There is none of this name, or it cannot be tried.</exception>
    public MatchSet Only(string? name)
    {
        if (name is null)
        {
            return this;
        }

        var names = Matcher.Targets.Select(target => target.Name).ToList();
        var refused = Refused.Where(rule => rule.Name == name).ToList();
        return names.Contains(name) ? this with { Matcher = Matcher.Only(name), Refused = refused }
            : refused.Count > 0 ? throw new UsageException($"{Noun} '{ShownJson.Name(name)}' cannot be tried\n{refused[0].Problem}")
            : throw new UsageException(
                $"there is no {Noun} '{ShownJson.Name(name)}'\n{NearName.Hint(name, names, $"there are {string.Join(", ", names)}")}");
    }
}
