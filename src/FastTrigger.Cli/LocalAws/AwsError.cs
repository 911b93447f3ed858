namespace FastTrigger.Cli.LocalAws;

/// <summary>A refusal, as AWS words it.</summary>
internal sealed class AwsError(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public string Code => code;
}
