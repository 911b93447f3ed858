using System.CommandLine;
using System.Text.Json.Nodes;
using FastTrigger.Cli.Policy;
using FastTrigger.Cli.Routes;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger policy: the least-privilege policy of the function's role.</summary>
internal static class PolicyCommand
{
    public static Command Create()
    {
        var routes = LocalCommandOptions.RoutesOption();
        var partition = new Option<string>("--partition") { Description = "The partition of the ARNs", DefaultValueFactory = _ => "aws" };
        var region = new Option<string>("--region") { Description = "The function's region", DefaultValueFactory = _ => "*" };
        var account = new Option<string>("--account") { Description = "The function's account", DefaultValueFactory = _ => "*" };
        var function = new Option<string>("--function")
        {
            Description = "The function's name",
            HelpName = "NAME",
            DefaultValueFactory = _ => "fasttrigger",
        };
        var table = new Option<string>("--table")
        {
            Description = "The act-once table",
            HelpName = "NAME",
            DefaultValueFactory = _ => "fasttrigger-once",
        };
        var key = new Option<string?>("--kms-key")
        {
            Description = "The KMS key that encrypts the function's environment variables",
            HelpName = "ARN",
        };
        var explain = new Option<bool>("--explain") { Description = "Print instead the routes that need each statement, and the reason" };
        var protect = new Option<bool>("--protect")
        {
            Description = "Print instead the policy that denies people changes to the tags that routes write",
        };
        var command = new Command("policy", """
            Print the least-privilege IAM policy of the routes: only the IAM actions that they use, on the resources that they name.

            Examples:
              fasttrigger policy --routes routes.json --region eu-central-1 --account 123456789012
              fasttrigger policy --routes routes.json --explain
              fasttrigger policy --routes routes.json --protect
            """) { routes, partition, region, account, function, table, key, explain, protect };
        command.SetAction(parsed =>
        {
            var scope = new PolicyScope(
                parsed.GetValue(partition)!,
                parsed.GetValue(region)!,
                parsed.GetValue(account)!,
                parsed.GetValue(function)!,
                parsed.GetValue(table)!)
            {
                Key = parsed.GetValue(key),
            };
            var file = LocalFiles.Routes(parsed.GetValue(routes));
            return Print(file, scope, parsed.GetValue(explain), parsed.GetValue(protect));
        });
        return command;
    }

    private static int Print(string file, PolicyScope scope, bool explain, bool protect)
    {
        if (LocalFiles.ReadRoutes(file, Deployment.Policy) is not { } routes)
        {
            return 1;
        }

        var (table, source) = (routes.Table, routes.Source);
        if (protect)
        {
            Console.WriteLine(TagProtection.Policy(table, scope).ToJsonString(ReadableJson.Indented));
            return 0;
        }

        var generator = new PolicyGenerator(table, source, scope);
        var statements = generator.Generate();
        var platform = generator.Platform();
        if (explain)
        {
            foreach (var statement in statements.Concat(platform))
            {
                var user = statement.Routes.Count == 0 ? "Lambda itself" : string.Join(", ", statement.Routes);
                Console.WriteLine($"{statement.Sid}: {string.Join(", ", statement.Actions)}");
                Console.WriteLine($"  for {user}: {statement.Why}");
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
