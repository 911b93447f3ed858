using FastTrigger.Cli.Packaging;
using FastTrigger.Cli.Policy;
using FastTrigger.Cli.Templates;

namespace FastTrigger.Cli.Routes;

/// <summary>What is made of routes for a deployment. Each needs what the one before it needs.</summary>
internal enum Deployment
{
    /// <summary>The zip, which holds whatever the function starts with.</summary>
    Zip,

    /// <summary>The policy of the function's role.</summary>
    Policy,

    /// <summary>The whole template.</summary>
    Template,
}

/// <summary>What a function would carry out, but AWS, its policy or its template would not.</summary>
internal static class DeploymentCheck
{
    public static IEnumerable<RouteProblem> Find(RoutesDocument document, Deployment deployment) => deployment switch
    {
        Deployment.Zip => OfZip(document),
        Deployment.Policy => OfTags(document).Concat(OfPolicy(document)),
        _ => OfZip(document).Concat(OfTags(document)).Concat(OfTemplate(document)).Distinct(),
    };

    /// <summary>A zip that the routes alone make too large. pack knows the other files too.</summary>
    private static IEnumerable<RouteProblem> OfZip(RoutesDocument document)
    {
        var check = new PackageCheck();
        var text = document.Text;
        check.Size(FunctionPackage.Write([("routes.json", text)]).Length, text.Length);
        return check.Problems.Select(problem => new RouteProblem(null, "routes", $"{problem} of the zip, without the function"));
    }

    private static IEnumerable<RouteProblem> OfTags(RoutesDocument document) =>
        document.Table.Routes.SelectMany((route, i) => TagCheck.Find(route, document.Source["routes"]![i]!));

    private static IEnumerable<RouteProblem> OfPolicy(RoutesDocument document)
    {
        var policy = new PolicyGenerator(document.Table, document.Source, new("aws", "*", "*", "fasttrigger", "fasttrigger-once"));
        policy.Generate();
        return policy.Problems;
    }

    /// <summary>Those of the template's role, which are the policy's, are among them.</summary>
    private static IEnumerable<RouteProblem> OfTemplate(RoutesDocument document)
    {
        var all = document.Table.Routes.Count;
        var problems = OfTemplate(document, all);
        // What is about all routes together is said where it begins.
        return problems.Select(problem => problem.Route is null ? problem with { Route = FirstTooMany(document, all) } : problem);
    }

    /// <summary>The problems of a template of the first routes.</summary>
    private static IReadOnlyList<RouteProblem> OfTemplate(RoutesDocument document, int count)
    {
        var table = document.Table with { Routes = [.. document.Table.Routes.Take(count)] };
        var template = new TemplateGenerator(table, document.Source, new(30, "function.zip", FilterStreams: false));
        template.Generate();
        return template.Problems;
    }

    /// <summary>The name of the first route with which there is a problem of all routes together.</summary>
    private static string FirstTooMany(RoutesDocument document, int count)
    {
        var (least, most) = (1, count);
        while (least < most)
        {
            var middle = (least + most) / 2;
            var isTooMany = OfTemplate(document, middle).Any(problem => problem.Route is null);
            (least, most) = isTooMany ? (least, middle) : (middle + 1, most);
        }

        return document.Table.Routes[least - 1].Name;
    }
}
