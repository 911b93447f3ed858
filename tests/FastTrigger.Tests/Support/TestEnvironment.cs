using System.Reflection;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Configuration;
using FastTrigger.Core;

namespace FastTrigger.Tests.Support;

/// <summary>Settings from a few variables. The environment of the process is neither read nor changed.</summary>
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
        var settings = FastTrigger.Configuration.Settings.Read(name => environment.GetValueOrDefault(name), problems);
        Assert.Empty(problems);
        return With(settings, clock);
    }

    /// <summary>A copy with some values that no variable sets, or that another test has read.</summary>
    public static Settings With(Settings settings, Clock? clock = null, string? systemRoots = null, int? warmLimitMs = null)
    {
        var clone = typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!;
        var copy = (Settings)clone.Invoke(settings, null)!;
        Set(nameof(copy.Clock), clock);
        Set(nameof(copy.SystemRoots), systemRoots);
        Set(nameof(copy.WarmLimitMs), warmLimitMs);
        return copy;

        void Set(string name, object? value)
        {
            if (value is not null)
            {
                typeof(Settings).GetProperty(name)!.SetValue(copy, value);
            }
        }
    }

    public static string Demo(string name) => Path.Combine(Root, "build", "demo", name);
}
