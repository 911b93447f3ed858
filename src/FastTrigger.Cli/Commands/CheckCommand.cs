using System.CommandLine;
using System.Text.Json.Nodes;
using FastTrigger.Json;
using FastTrigger.Routing;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger check: the errors that the function would report for its routes file.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The routes file", DefaultValueFactory = _ => "routes.json" };
        var json = new Option<bool>("--json")
        {
            Description = "Print one JSON document: "
                + "{\"file\", \"routes\", \"warnings\", \"problems\": [{\"line\", \"column\", \"message\"}]}",
        };
        var command = new Command("check", """
            Validate a routes file, and report every error with its line and column. Exit code 1 when there is an error.

            Example:
              fasttrigger check build/demo/routes.json
            """) { file, json };
        command.SetAction(parsed => Check(parsed.GetValue(file)!, parsed.GetValue(json)));
        return command;
    }

    private static int Check(string file, bool json)
    {
        var text = LocalFiles.Read(file);
        var problems = new JsonProblems(file, text);
        var table = RoutesFile.Read(text, handlers: null, problems);
        if (json)
        {
            Console.WriteLine(new JsonObject
            {
                ["file"] = file,
                ["routes"] = new JsonArray([.. table?.Routes.Select(route => (JsonNode)route.Name) ?? []]),
                ["warnings"] = new JsonArray([.. Warnings(table).Select(warning => (JsonNode)warning)]),
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
            foreach (var warning in Warnings(table))
            {
                Console.WriteLine($"{file}: warning: {warning}");
            }

            Console.WriteLine($"{file}: {table.Routes.Count} {(table.Routes.Count == 1 ? "route" : "routes")}, no errors");
        }

        return table is null ? 1 : 0;
    }

    private static IEnumerable<string> Warnings(RouteTable? table) => table?.Routes.SelectMany(RouteWarnings.Of) ?? [];
}
