using System.CommandLine;
using System.Text.Json.Nodes;
using FastTrigger.Cli.Routes;
using FastTrigger.Json;
using FastTrigger.Routing;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Cli.Commands;

/// <summary>
/// fasttrigger check: the errors that the function would report for its routes file, and whatever keeps it from being deployed.
/// </summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Routes files; - for standard input. Default: routes.json in the current folder",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var json = new Option<bool>("--json")
        {
            Description = "Print one JSON document a file: "
                + "{\"file\", \"routes\", \"warnings\", \"problems\": [{\"line\", \"column\", \"message\"}]}",
        };
        var command = new Command("check", """
            Check routes files, and report every error with its line and column: what the function would not start with, and what no
            policy or template can be made of. Exit code 1 when there is an error.

            Examples:
              fasttrigger check
              fasttrigger check build/demo/routes.json build/demo/actions/routes.json
            """) { files, json };
        command.SetAction(parsed =>
        {
            var named = parsed.GetValue(files) is { Length: > 0 } some ? some : [LocalFiles.Routes(null)];
            return named.Max(file => Check(file, parsed.GetValue(json)));
        });
        return command;
    }

    private static int Check(string file, bool json)
    {
        var name = LocalFiles.NameOf(file);
        var text = LocalFiles.Read(file);
        var problems = new JsonProblems(name, text);
        var document = RoutesDocument.Read(text, problems);
        var table = document?.Table;
        if (json)
        {
            Console.WriteLine(new JsonObject
            {
                ["file"] = name,
                ["routes"] = new JsonArray([.. table?.Routes.Select(route => (JsonNode)route.Name) ?? []]),
                ["warnings"] = new JsonArray([.. Warnings(document).Select(warning => (JsonNode)warning)]),
                ["problems"] = new JsonArray([.. problems.Found.Select(problem => (JsonNode)new JsonObject
                {
                    ["line"] = problem.Line,
                    ["column"] = problem.Column,
                    ["message"] = problem.Message,
                })]),
            }.ToJsonString());
        }
        else if (table is null)
        {
            Console.Error.WriteLine(problems);
        }
        else
        {
            foreach (var warning in Warnings(document))
            {
                Console.WriteLine($"{name}: warning: {warning}");
            }

            Console.WriteLine($"{name}: {table.Routes.Count} {(table.Routes.Count == 1 ? "route" : "routes")}, no errors");
        }

        return table is null ? 1 : 0;
    }

    private static IEnumerable<string> Warnings(RoutesDocument? document) => document?.Table.Routes.SelectMany((route, i) =>
        RouteWarnings.Of(route).Concat(SuspectRoute.Find(route, document.Source["routes"]![i]!))).Concat(TwinRoutes.Find(document)) ?? [];
}
