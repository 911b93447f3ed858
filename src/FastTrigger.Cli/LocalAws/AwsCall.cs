using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>A received call. The parameters have the names of AWS's API reference.</summary>
/// <param name="Status">The HTTP status of the response; 0 without a response.</param>
/// <param name="Note">The error code, or the fault that was injected; empty for success.</param>
/// <param name="Account">The account of the credentials. It differs from the function's when a role was assumed.</param>
internal sealed record AwsCall(
    string Service,
    string Operation,
    int Status,
    JsonNode Parameters,
    string Note,
    DateTimeOffset At,
    string Account);
