using System.Globalization;

namespace FastTrigger.Cli.LocalLambda;

/// <summary>The configuration of the local function.</summary>
internal sealed record FunctionSettings
{
    /// <summary>The bootstrap of any custom runtime.</summary>
    public required string Bootstrap { get; init; }

    public string Name { get; init; } = "fasttrigger";

    public string Region { get; init; } = "us-east-1";

    public string Account { get; init; } = "123456789012";

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Lambda's limit for the start of a runtime. After it Lambda starts the runtime again, within the timeout.</summary>
    public TimeSpan InitTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public int MemoryMegabytes { get; init; } = 128;

    public int MaxConcurrency { get; init; } = 1;

    /// <summary>The variables in addition to Lambda's own. An empty value removes a variable.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The address that a runtime gets for the host:port of its Runtime API, where something stands before it.</summary>
    public Func<string, string> RuntimeApi { get; init; } = static address => address;

    /// <summary>Its name has the function's version, as Lambda's have.</summary>
    public string LogStream { get; } =
        string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy/MM/dd}/[$LATEST]{Guid.NewGuid():n}");

    /// <summary>All environment variables of a process of this function, except the address of the Runtime API.</summary>
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
            ["AWS_LAMBDA_LOG_STREAM_NAME"] = LogStream,
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
