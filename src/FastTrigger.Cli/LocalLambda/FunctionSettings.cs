namespace FastTrigger.Cli.LocalLambda;

/// <summary>The function that is served: what its configuration would say in AWS.</summary>
internal sealed record FunctionSettings
{
    /// <summary>The program: any custom runtime's bootstrap.</summary>
    public required string Bootstrap { get; init; }

    public string Name { get; init; } = "fasttrigger";

    public string Region { get; init; } = "us-east-1";

    public string Account { get; init; } = "123456789012";

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    public int MemoryMegabytes { get; init; } = 128;

    public int MaxConcurrency { get; init; } = 1;

    /// <summary>Added to what Lambda sets; an empty value takes a variable away.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The whole environment of a process of this function, all but the address of its Runtime API.</summary>
    public Dictionary<string, string> ProcessEnvironment()
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
            ["LANG"] = "en_US.UTF-8",
            ["TZ"] = ":UTC",
            ["AWS_LAMBDA_FUNCTION_NAME"] = Name,
            ["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST",
            ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = MemoryMegabytes.ToString(provider: null),
            ["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand",
            ["AWS_LAMBDA_LOG_GROUP_NAME"] = $"/aws/lambda/{Name}",
            ["AWS_LAMBDA_LOG_STREAM_NAME"] = $"local/{Guid.NewGuid():n}",
            ["AWS_REGION"] = Region,
            ["AWS_DEFAULT_REGION"] = Region,
            ["LAMBDA_TASK_ROOT"] = Path.GetDirectoryName(Path.GetFullPath(Bootstrap))!,
            ["_HANDLER"] = "bootstrap",
        };
        if (MaxConcurrency > 1)
        {
            environment["AWS_LAMBDA_MAX_CONCURRENCY"] = MaxConcurrency.ToString(provider: null);
        }

        foreach (var (name, value) in Environment)
        {
            if (value.Length > 0)
            {
                environment[name] = value;
            }
            else
            {
                environment.Remove(name);
            }
        }

        return environment;
    }

    public string Arn => $"arn:aws:lambda:{Region}:{Account}:function:{Name}";
}
