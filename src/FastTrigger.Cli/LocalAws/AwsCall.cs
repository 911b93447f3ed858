using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>A call that came, as it will be shown: parameters as AWS's API reference names them.</summary>
/// <param name="Status">The HTTP status that was answered; 0 when none was.</param>
/// <param name="Note">The error's code or the fault that befell it; empty when all went well.</param>
/// <param name="Account">In which account it was made: another than the function's own when a role was assumed.</param>
internal sealed record AwsCall(string Service, string Operation, int Status, JsonNode Parameters, string Note, DateTimeOffset At, string Account);
