namespace FastTrigger.NativeTests;

/// <summary>The AWS CLI with the endpoint and the keys of fasttrigger serve.</summary>
internal static class AwsCli
{
    public const string Program = "/usr/bin/aws";

    /// <summary>The document of a call that succeeds.</summary>
    public static async Task<JsonNode> AwsAsync(this LocalServe serve, params string[] arguments)
    {
        var (exitCode, output, error) = await serve.RunAwsAsync(arguments);
        Assert.True(exitCode == 0, error);
        return JsonNode.Parse(output.Length == 0 ? "{}" : output)!;
    }

    public static Task<(int ExitCode, string Output, string Error)> RunAwsAsync(this LocalServe serve, params string[] arguments) =>
        Artifacts.RunAsync(
            Program,
            [.. arguments, "--endpoint-url", serve.Url, "--output", "json", "--no-cli-pager"],
            [
                .. serve.Keys.Select(pair => (pair.Key, pair.Value)),
                ("AWS_CONFIG_FILE", "/dev/null"),
                ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
                ("AWS_MAX_ATTEMPTS", "1"),
                ("AWS_EC2_METADATA_DISABLED", "true"),
            ]);
}
