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
        Deployment.Zip => [],
        Deployment.Policy => OfTags(document).Concat(OfPolicy(document)),
        _ => OfTags(document).Concat(OfTemplate(document)).Distinct(),
    };

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
        var (table, source) = (document.Table, document.Source);
        var template = new TemplateGenerator(table, source, new(30, "function.zip", FilterStreams: false));
        template.Generate();
        return template.Problems;
    }
}
