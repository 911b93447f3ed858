using FastTrigger.Cli.Routes;
using FastTrigger.Json;
using FastTrigger.Tests.Templates;

namespace FastTrigger.Tests.Routing;

/// <summary>What AWS takes of one function and one stack: `check` names the first route that is too many.</summary>
public sealed class DeploymentLimitsTests
{
    private const string Action = """{"run-command": {"commands": ["true"], "targets": {"tag:Role": ["pump"]}}}""";

    [Fact]
    public void A_stack_takes_hundreds_of_rules_and_the_first_that_is_too_many_is_named()
    {
        var most = Most("");
        Assert.InRange(most, 400, 470);
        Assert.Equal([], Problems(Routes(most, "")));
        var problem = Assert.Single(Problems(Routes(most + 20, "")));
        var expected = $"route 'r{most}': the template has 520 resources, and CloudFormation takes 500 at most";
        Assert.StartsWith(expected, problem.Message, StringComparison.Ordinal);
        Assert.Equal(most + 1, problem.Line);
    }

    [Fact]
    public void Queues_of_retried_routes_fit_into_the_variables_of_the_function()
    {
        var most = Most("\"retryFor\": \"15m\", ");
        Assert.InRange(most, 50, 80);
        var problem = Assert.Single(Problems(Routes(most + 1, "\"retryFor\": \"15m\", ")));
        Assert.StartsWith($"route 'r{most}': the queues of routes with retryFor make 41", problem.Message, StringComparison.Ordinal);
        Assert.Equal(most + 1, problem.Line);
    }

    [Fact]
    public void More_than_IAM_takes_is_refused_at_the_route_that_is_too_much()
    {
        string Many(int tags) => string.Join(',', Enumerable.Range(0, tags)
            .Select(i => Action.Replace("pump", $"pump-{i}", StringComparison.Ordinal)));
        string Route(string name, string actions) => $$"""{"name": "{{name}}", "when": {"source": ["x"]}, "do": [{{actions}}]}""";
        var problem = Assert.Single(Problems($"{Route("few", Many(2))},\n{Route("many", Many(200))},\n{Route("last", Many(1))}"));
        Assert.StartsWith("route 'many': the role's policies have", problem.Message, StringComparison.Ordinal);
        Assert.Equal(2, problem.Line);
    }

    [Fact]
    public void Routes_that_make_the_zip_too_large_are_refused_by_check_and_by_pack()
    {
        var text = string.Create(7_000_000, 1, static (letters, seed) => letters.Fill((char)('a' + seed)));
        var routes = Routes(1, "").Replace("true", text, StringComparison.Ordinal).Replace("commands", "message", StringComparison.Ordinal)
            .Replace("run-command", "call", StringComparison.Ordinal)
            .Replace("\"targets\": {\"tag:Role\": [\"pump\"]}", "\"url\": \"https://example.com/\"", StringComparison.Ordinal);
        foreach (var deployment in (Deployment[])[Deployment.Zip, Deployment.Template])
        {
            var problem = Assert.Single(Problems(routes, deployment));
            Assert.Contains("bytes unzipped exceed the budget of 7000000 of the zip", problem.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void All_rules_share_one_permission_that_only_rules_of_the_stack_have()
    {
        const string Route = """{"name": "NAME", "when": {"source": ["x"]}, "do": [ACTION]}""";
        var route = Route.Replace("ACTION", Action, StringComparison.Ordinal);
        var longName = new string('a', 64);
        var template = new GeneratedTemplate(
            route.Replace("NAME", "open-valve", StringComparison.Ordinal),
            route.Replace("NAME", longName, StringComparison.Ordinal));
        Assert.Empty(template.Problems);
        var permission = Assert.Single(template.ResourcesOf("AWS::Lambda::Permission"))["Properties"]!;
        var allowed = permission["SourceArn"]!["Fn::Sub"]!.ToString();
        var names = template.ResourcesOf("AWS::Events::Rule")
            .ConvertAll(rule => rule["Properties"]!["Name"]!["Fn::Sub"]!.ToString());
        Assert.Contains("${AWS::StackName}-OpenValve", names);
        var prefix = allowed[(allowed.IndexOf('/', StringComparison.Ordinal) + 1)..^1];
        Assert.All(names, name => Assert.StartsWith(prefix, name, StringComparison.Ordinal));
        // A rule's name has 64 characters, and half of them are left to the stack's name.
        Assert.All(names, name => Assert.InRange(name.Length - "${AWS::StackName}-".Length, 1, 32));
        Assert.EndsWith(":rule/${AWS::StackName}-*", allowed, StringComparison.Ordinal);
    }

    /// <summary>The most routes that are deployed.</summary>
    private static int Most(string settings)
    {
        var (least, most) = (1, 1_000);
        while (least < most)
        {
            var middle = (least + most + 1) / 2;
            (least, most) = Problems(Routes(middle, settings)).Count == 0 ? (middle, most) : (least, middle - 1);
        }

        return least;
    }

    /// <summary>Each on a line of its own.</summary>
    private static string Routes(int count, string settings) => string.Join(",\n", Enumerable.Range(0, count)
        .Select(i => $$"""{"name": "r{{i}}", {{settings}}"when": {"source": ["x"]}, "do": [{{Action}}]}"""));

    private static IReadOnlyList<JsonProblem> Problems(string routes, Deployment deployment = Deployment.Template)
    {
        var text = Encoding.UTF8.GetBytes($$"""{"routes": [{{routes}}]}""");
        var problems = new JsonProblems("routes.json", text);
        Assert.Equal(RoutesDocument.Read(text, problems, deployment) is null, problems.Any);
        return problems.Found;
    }
}
