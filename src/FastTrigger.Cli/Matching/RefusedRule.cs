namespace FastTrigger.Cli.Matching;

/// <summary>A rule that cannot be tried.</summary>
/// <param name="Problem">The mistakes of its pattern, with their places.</param>
internal sealed record RefusedRule(string Name, string Problem);
