namespace FastTrigger.NativeTests;

/// <summary>fasttrigger template in a folder of its own, and aws-cdk-lib, which reads the templates.</summary>
internal sealed class TemplateTool : IDisposable
{
    /// <summary>An action for routes whose actions do not matter.</summary>
    public const string Check = """{"check-website":{"url":"https://example.com/"}}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-template-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The path of a file in the folder.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    public static async Task<string> CreateAsync(string routes, params string[] arguments)
    {
        var (exitCode, output, error) = await Artifacts.RunToolAsync(["template", "--routes", routes, .. arguments]);
        Assert.True(exitCode == 0, error);
        return output;
    }

    public static Task<(int ExitCode, string Output, string Error)> CompareAsync(string file, string routes) =>
        Artifacts.RunToolAsync(["template", "--routes", routes, "--check", file]);

    /// <summary>Reads a template with aws-cdk-lib.</summary>
    public async Task<(int ExitCode, string Output, string Error)> IncludeAsync(string template)
    {
        var modules = Path.Combine(Artifacts.Root, "artifacts", "peers", "node_modules");
        Assert.True(Directory.Exists(Path.Combine(modules, "aws-cdk-lib")), $"{modules} is missing: ./bootstrap.sh test installs it");
        var file = Path.Combine(_folder, $"{Guid.NewGuid():n}.yaml");
        // aws-cdk-lib does not know the resources that SAM generates
        // (docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html).
        template = template.Replace("Function.Alias", "Function", StringComparison.Ordinal);
        if (template.Contains("FunctionUrlConfig", StringComparison.Ordinal))
        {
            const string Url = "FunctionUrl: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE, TargetFunctionArn: a}}";
            template = template.Replace("\nResources:\n", $"\nResources:\n  {Url}\n", StringComparison.Ordinal);
        }

        // aws-cdk-lib requires OnSuccess, which SAM's documentation does not
        // (docs.aws.amazon.com/serverless-application-model/latest/developerguide/
        // sam-property-function-eventinvokedestinationconfiguration.html).
        const string OnFailure = "\n          OnFailure:\n";
        const string OnSuccess = "\n          OnSuccess: {Type: SQS, Destination: none}";
        await File.WriteAllTextAsync(file, template.Replace(OnFailure, OnSuccess + OnFailure, StringComparison.Ordinal));
        return await Artifacts.RunAsync("node", ["tests/peers/cdk-include.mjs", modules, file]);
    }
}
