using FastTrigger.Cli.LocalAws;
using FastTrigger.Configuration;
using FastTrigger.Core;

namespace FastTrigger.Tests.Support;

/// <summary>Settings from a few variables; the process's own environment is never read or changed.</summary>
internal static class TestEnvironment
{
    public const string Arn = "arn:aws:lambda:us-east-1:123456789012:function:fasttrigger";

    public static string Root => Repository.Root;

    public static Settings Settings(params (string Name, string? Value)[] variables) => Settings(null, variables);

    public static Settings Settings(Clock? clock, params (string Name, string? Value)[] variables)
    {
        var environment = new Dictionary<string, string?>
        {
            ["AWS_REGION"] = "us-east-1",
            ["AWS_LAMBDA_FUNCTION_NAME"] = "fasttrigger",
            ["AWS_ACCESS_KEY_ID"] = LocalKeys.AccessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = LocalKeys.SecretAccessKey,
            ["AWS_SESSION_TOKEN"] = LocalKeys.SessionToken,
        };
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        var problems = new List<string>();
        var settings = FastTrigger.Configuration.Settings.Read(name => environment.GetValueOrDefault(name), problems) with { Clock = clock ?? Clock.System };
        Assert.Empty(problems);
        return settings;
    }

    public static string Demo(string name) => Path.Combine(Root, "build", "demo", name);
}
