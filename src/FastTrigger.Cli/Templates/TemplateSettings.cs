namespace FastTrigger.Cli.Templates;

/// <summary>The settings of a template besides the routes. The template records them for --check.</summary>
/// <param name="TimeoutSeconds">The function's timeout. The visibility timeout of the queues is six times as long.</param>
/// <param name="Code">The zip, as a path from the template for `sam deploy`.</param>
/// <param name="FilterStreams">Whether Lambda filters out stream records that no route takes. Those are not logged.</param>
/// <param name="Dashboard">Whether there is a dashboard of CloudWatch.</param>
internal sealed record TemplateSettings(int TimeoutSeconds, string Code, bool FilterStreams, bool Dashboard = false);
