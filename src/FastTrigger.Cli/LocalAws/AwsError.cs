using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>An error response with AWS's code and message.</summary>
internal sealed class AwsError(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    /// <summary>Further members of the error's document.</summary>
    public JsonObject Details { get; init; } = [];

    public static AwsError Validation(string message) => new(400, "ValidationException", message);
}
