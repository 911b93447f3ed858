namespace FastTrigger.Cli.LocalAws;

/// <summary>An error response with AWS's code and message.</summary>
internal sealed class AwsError(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    public static AwsError Validation(string message) => new(400, "ValidationException", message);
}
