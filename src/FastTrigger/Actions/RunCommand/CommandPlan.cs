using FastTrigger.Aws.Ssm;

namespace FastTrigger.Actions.RunCommand;

/// <summary>A command that is ready to be sent.</summary>
/// <param name="Ids">Instance ids; empty when the request targets tags.</param>
/// <param name="Left">The servers that are left out, and why; empty for none.</param>
/// <param name="Key">The idempotency key.</param>
internal sealed record CommandPlan(AwsScope Scope, List<string> Ids, string Left, string Key, SendCommandRequest Request);
