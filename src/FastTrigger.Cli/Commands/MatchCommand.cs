using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json;
using System.Text.Json.Nodes;
using FastTrigger.Cli.Matching;
using FastTrigger.Cli.Output;
using FastTrigger.Cli.Routes;
using FastTrigger.Json;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger match: which routes, rules or pattern match events, and why not.</summary>
internal static class MatchCommand
{
    /// <summary>Before something could be tried, as for a wrong command line: 1 says that something does not match.</summary>
    private const int CannotTry = 2;

    /// <summary>A `$or` inside of a `$or` needs three levels of the document for two of the pattern.</summary>
    private static readonly JsonSerializerOptions s_line = new(ReadableJson.OneLine) { MaxDepth = 2 * EventJson.MaxDepth };

    public static Command Create()
    {
        var events = new Argument<string[]>("EVENT")
        {
            Description =
                "Event files, files of JSON lines (.jsonl, .ndjson), folders of both; - for standard input: one event after the other",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var routes = LocalCommandOptions.RoutesOption();
        var route = new Option<string?>("--route") { Description = "Match with this route or rule alone", HelpName = "NAME" };
        var pattern = new Option<string?>("--pattern")
        {
            Description = "Match with this event pattern instead: JSON, or file://FILE or @FILE",
            HelpName = "JSON",
        };
        var rules = new Option<string[]>("--rules")
        {
            Description = "Match with the rules of an account instead: the output of aws events list-rules; may be repeated, for its pages",
            HelpName = "FILE",
            DefaultValueFactory = _ => [],
        };
        var coverage = new Option<string[]>("--coverage")
        {
            Description = "Match all events of this folder, and show only the events that nothing takes and how much each route takes",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => [],
        };
        var json = new Option<bool>("--json")
        {
            Description = "Print JSON lines: for each event "
                + "{\"event\", \"problem\", \"items\": [{\"source\", \"record\", \"taken\", \"hint\", \"routes\"}]}, then "
                + "{\"summary\": {\"events\", \"broken\", \"items\", \"taken\", \"routes\", \"never\", \"idle\", \"refused\", "
                + "\"leftOut\"}}",
        };
        route.CompletionSources.Add(context => RouteNames(context.ParseResult.GetValue(routes)));
        var command = new Command("match", """
            Say which routes match events, and why the others do not: each field that fails, what the
            pattern wants there, and what the event has. Nothing is run, and no account is needed.
            Exit code 0 when a route takes every item of every event, and with --coverage every route
            takes one; 1 otherwise, 2 for wrong usage and for mistakes in the routes or the pattern.

            Examples:
              fasttrigger match event.json
              fasttrigger match build/demo/tank-normal.json --routes build/demo/routes.json --route drain-tank
              fasttrigger match event.json --pattern '{"source": ["aws.ec2"]}'
              fasttrigger match - --rules rules.json <events.jsonl
              fasttrigger match --coverage build/demo --routes build/demo/routes.json
            """) { events, routes, route, pattern, rules, coverage, json };
        command.SetAction(parsed =>
        {
            var folders = parsed.GetValue(coverage)!;
            var paths = parsed.GetValue(events)!.Concat(folders).ToList();
            var list = parsed.GetValue(rules)!;
            if (paths.Count == 0)
            {
                throw new UsageException($"fasttrigger match needs EVENT: {events.Description}");
            }

            bool[] given = [parsed.GetValue(routes) is not null, parsed.GetValue(pattern) is not null, list.Length > 0];
            if (given.Count(one => one) > 1)
            {
                throw new UsageException("--routes, --rules and --pattern exclude each other: name what events are matched with");
            }

            if (parsed.GetValue(pattern) is not null && parsed.GetValue(route) is not null)
            {
                throw new UsageException("--route names a route or a rule, and --pattern is neither: leave out one of them");
            }

            Array.ForEach(parsed.GetValue(events)!, EventFiles.CheckExists);
            Array.ForEach(folders, EventFiles.CheckFolderExists);
            var set = parsed.GetValue(pattern) is { } text ? MatchSet.OfPattern(text)
                : list.Length > 0 ? MatchSet.OfRules(list)
                : MatchSet.OfRoutes(LocalFiles.Routes(parsed.GetValue(routes)));
            return set is null ? CannotTry : Match(paths, set.Only(parsed.GetValue(route)), folders.Length > 0, parsed.GetValue(json));
        });
        return command;
    }

    private static int Match(List<string> paths, MatchSet set, bool isCoverage, bool json)
    {
        var report = new MatchReport(Terminal.Results(), set.Noun, isCoverage);
        foreach (var refused in set.Refused)
        {
            Console.Error.WriteLine(refused.Problem);
        }

        var tally = new MatchTally(set.Matcher.Targets, [.. set.Refused.Select(rule => rule.Problem)]);
        foreach (var one in EventFiles.Read(paths, why =>
        {
            tally.LeftOut.Add(why);
            Console.Error.WriteLine($"left out: {why}");
        }))
        {
            IReadOnlyList<ItemMatch> items = one.Problem is null ? set.Matcher.Match(one.Payload, out _) : [];
            tally.Add(one, items);
            if (!json)
            {
                report.Write(one, items);
            }
            else if (!isCoverage || one.Problem is not null || items.Any(item => !item.IsTaken))
            {
                Console.WriteLine(Describe(one, items).ToJsonString(s_line));
            }
        }

        if (tally.Events == 0)
        {
            throw new UsageException($"there is no event in {string.Join(", ", paths.Select(LocalFiles.NameOf))}\nan event is JSON");
        }

        if (json)
        {
            Console.WriteLine(new JsonObject { ["summary"] = tally.ToJson() }.ToJsonString(ReadableJson.OneLine));
        }
        else
        {
            report.Write(tally);
        }

        return (isCoverage ? tally.IsCovered : tally.IsComplete) ? 0 : 1;
    }

    private static JsonObject Describe(SavedEvent one, IReadOnlyList<ItemMatch> items) => new()
    {
        ["event"] = one.Name,
        ["problem"] = one.Problem,
        ["items"] = new JsonArray([.. items.Select(JsonNode (item) => item.ToJson())]),
    };

    /// <summary>For the Tab key: no routes file, or one with mistakes, has no names.</summary>
    private static IEnumerable<CompletionItem> RouteNames(string? file)
    {
        try
        {
            var text = LocalFiles.Read(LocalFiles.Routes(file));
            var routes = RoutesDocument.Compile(text, new JsonProblems("", text));
            return routes?.Table.Routes.Select(route => new CompletionItem(route.Name)) ?? [];
        }
        catch (UsageException)
        {
            return [];
        }
    }
}
