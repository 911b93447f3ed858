using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using FastTrigger.Cli.Policy;
using FastTrigger.Json;
using FastTrigger.Routing;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger policy: the least that the function's role must allow.</summary>
internal static class PolicyCommand
{
    public static Command Create()
    {
        var routes = new Option<string?>("--routes") { Description = "The routes file. Default: build/demo/routes.json", HelpName = "FILE" };
        var partition = new Option<string>("--partition") { Description = "Of the ARNs", DefaultValueFactory = _ => "aws" };
        var region = new Option<string>("--region") { Description = "The function's region", DefaultValueFactory = _ => "*" };
        var account = new Option<string>("--account") { Description = "The function's account", DefaultValueFactory = _ => "*" };
        var function = new Option<string>("--function") { Description = "The function's name", HelpName = "NAME", DefaultValueFactory = _ => "fasttrigger" };
        var table = new Option<string>("--table") { Description = "The act-once table", HelpName = "NAME", DefaultValueFactory = _ => "fasttrigger-once" };
        var key = new Option<string?>("--kms-key") { Description = "The key that the function's environment is encrypted with", HelpName = "ARN" };
        var explain = new Option<bool>("--explain") { Description = "Say which route needs each statement, and what for, instead" };
        var protect = new Option<bool>("--protect") { Description = "Print the policy that keeps people from changing the tags that routes write instead" };
        var command = new Command("policy", """
            Print the least-privilege IAM policy of the routes: for each only the actions that it uses, on what it names.

            Examples:
              fasttrigger policy --routes routes.json --region eu-central-1 --account 123456789012
              fasttrigger policy --routes routes.json --explain
              fasttrigger policy --routes routes.json --protect
            """) { routes, partition, region, account, function, table, key, explain, protect };
        command.SetAction(parsed => Print(
            parsed.GetValue(routes) ?? LocalRun.Find("build/demo/routes.json", "there is no build/demo/routes.json here: name a file with --routes"),
            new(parsed.GetValue(partition)!, parsed.GetValue(region)!, parsed.GetValue(account)!, parsed.GetValue(function)!, parsed.GetValue(table)!) { Key = parsed.GetValue(key) },
            parsed.GetValue(explain),
            parsed.GetValue(protect)));
        return command;
    }

    private static int Print(string file, PolicyScope scope, bool explain, bool protect)
    {
        var text = LocalRun.Read(file);
        var problems = new JsonProblems(file, text);
        if (RoutesFile.Read(text, handlers: null, problems) is not { } table)
        {
            Console.Error.WriteLine(problems);
            return 1;
        }

        var source = JsonNode.Parse(text, documentOptions: new() { CommentHandling = JsonCommentHandling.Skip })!;
        if (protect)
        {
            Console.WriteLine(TagProtection.Policy(table, scope).ToJsonString(ReadableJson.Indented));
            return 0;
        }

        var generator = new PolicyGenerator(table, source, scope);
        var statements = generator.Generate();
        var platform = generator.Platform();
        foreach (var problem in generator.Problems)
        {
            Console.Error.WriteLine($"{file}: {problem}");
        }

        if (generator.Problems.Count > 0)
        {
            return 1;
        }

        if (explain)
        {
            foreach (var statement in statements.Concat(platform))
            {
                Console.WriteLine($"{statement.Sid}: {string.Join(", ", statement.Actions)}");
                Console.WriteLine($"  for {(statement.Routes.Count == 0 ? "Lambda itself" : string.Join(", ", statement.Routes))}: {statement.Why}");
            }
        }
        else
        {
            Console.WriteLine(Document(statements.Concat(platform)).ToJsonString(ReadableJson.Indented));
        }

        return 0;
    }

    public static JsonObject Document(IEnumerable<PolicyStatement> statements) => new()
    {
        ["Version"] = "2012-10-17",
        ["Statement"] = new JsonArray([.. statements.Select(statement => (JsonNode)statement.ToJson())]),
    };
}
