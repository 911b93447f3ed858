namespace FastTrigger.Cli.Templates;

/// <summary>What a template is made with beside the routes. It is written into the template, so that --check can make the same again.</summary>
/// <param name="TimeoutSeconds">The function's timeout: the time that a message is hidden for is six times as long.</param>
/// <param name="FilterStreams">Whether Lambda itself leaves out records of streams that no route takes: they are not logged then.</param>
/// <param name="Code">The zip, as `sam deploy` finds it from the template.</param>
internal sealed record TemplateSettings(int TimeoutSeconds, string Code, bool FilterStreams);
