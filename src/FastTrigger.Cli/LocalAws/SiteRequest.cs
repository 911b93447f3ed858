namespace FastTrigger.Cli.LocalAws;

/// <summary>A request that the local website received.</summary>
/// <param name="Query">The query with its "?"; empty for none.</param>
internal sealed record SiteRequest(string Method, string Query, string Body);
