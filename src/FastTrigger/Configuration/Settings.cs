using System.Globalization;
using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Telemetry;

namespace FastTrigger.Configuration;

/// <summary>
/// Everything the environment says, read once. The variables are Lambda's
/// (docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html) and FASTTRIGGER_*.
/// </summary>
internal sealed record Settings
{
    /// <summary>Lambda ends an INIT that takes ten seconds.</summary>
    private const int LongestWarmLimitMs = 8_000;

    /// <summary>host:port, with a path where one is given; null when this is not Lambda.</summary>
    public required string? RuntimeApi { get; init; }

    public required string RoutesPath { get; init; }

    public required string TaskRoot { get; init; }

    public required string FunctionName { get; init; }

    public required string Region { get; init; }

    /// <summary>How many invocations one environment may be given at a time; 1 when Lambda does not say.</summary>
    public required int MaxConcurrency { get; init; }

    public required bool LogJson { get; init; }

    public required LogLevel LogLevel { get; init; }

    /// <summary>The act-once table; null when there is none.</summary>
    public string? OnceTable { get; init; }

    /// <summary>ARNs of queues that bring what they say they bring, beside those of routes.json: whoever deploys knows them, and whoever writes routes may not.</summary>
    public IReadOnlyList<string> Trust { get; init; } = [];

    /// <summary>Whether event source mappings take the list of what was not done (C3.3).</summary>
    public bool PartialBatch { get; init; }

    /// <summary>Whether all routes only say what they would do.</summary>
    public bool DryRun { get; init; }

    public required HttpProxy Proxy { get; init; }

    public required WarmLevel Warm { get; init; }

    /// <summary>How long INIT may wait for connections.</summary>
    public required int WarmLimitMs { get; init; }

    /// <summary>For what is read when it is needed: credentials, endpoints, ${env.NAME}.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>A file in the place of the system's certificate store, for tests of what is tried with it; null for the system's own.</summary>
    public string? SystemRoots { get; init; }

    public Clock Clock { get; init; } = Clock.System;

    /// <summary>The process's own environment. Set to an empty text counts as not set.</summary>
#pragma warning disable RS0030 // this is the one place that reads it
    public static string? FromProcess(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
#pragma warning restore RS0030

    public static Settings Read(Func<string, string?> variable, List<string> problems)
    {
        var concurrency = 1;
        if (variable("AWS_LAMBDA_MAX_CONCURRENCY") is { } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out concurrency) || concurrency is < 1 or > 1024))
        {
            problems.Add($"AWS_LAMBDA_MAX_CONCURRENCY is '{text}'; a number from 1 to 1024 is expected");
            concurrency = 1;
        }

        if (!HttpProxy.TryParse(variable("HTTPS_PROXY") ?? variable("https_proxy"), variable("NO_PROXY") ?? variable("no_proxy"), out var proxy, out var problem))
        {
            problems.Add(problem);
        }

        var limit = 1_000;
        if (variable("FASTTRIGGER_WARM_LIMIT_MS") is { } milliseconds && (!int.TryParse(milliseconds, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit > LongestWarmLimitMs))
        {
            problems.Add($"FASTTRIGGER_WARM_LIMIT_MS is '{milliseconds}'; a number of milliseconds up to {LongestWarmLimitMs} is expected");
        }

        var root = variable("LAMBDA_TASK_ROOT") ?? ".";
        return new()
        {
            RuntimeApi = variable("AWS_LAMBDA_RUNTIME_API"),
            TaskRoot = root,
            RoutesPath = variable("FASTTRIGGER_ROUTES") ?? root.TrimEnd('/') + "/routes.json",
            FunctionName = variable("AWS_LAMBDA_FUNCTION_NAME") ?? "fasttrigger",
            Region = variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION") ?? "",
            MaxConcurrency = concurrency,
            // With several invocations at a time a line must say whose it is.
            LogJson = concurrency > 1 || string.Equals(variable("AWS_LAMBDA_LOG_FORMAT"), "JSON", StringComparison.OrdinalIgnoreCase),
            LogLevel = ReadLevel(variable("AWS_LAMBDA_LOG_LEVEL"), problems),
            OnceTable = variable("FASTTRIGGER_ONCE_TABLE"),
            Trust = variable("FASTTRIGGER_TRUST")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
            PartialBatch = ReadSwitch(variable, "FASTTRIGGER_PARTIAL_BATCH", "on", "off", problems),
            DryRun = ReadSwitch(variable, "FASTTRIGGER_DRY_RUN", "true", "false", problems),
            Proxy = proxy,
            Warm = ReadWarm(variable("FASTTRIGGER_WARM"), problems),
            WarmLimitMs = limit,
            Variable = variable,
        };
    }

    private static bool ReadSwitch(Func<string, string?> variable, string name, string on, string off, List<string> problems)
    {
        var text = variable(name);
        if (text is not null && text != on && text != off)
        {
            problems.Add($"{name} is '{text}'; {on} or {off} is expected");
        }

        return text is not null && text != off;
    }

    private static WarmLevel ReadWarm(string? text, List<string> problems)
    {
        switch (text)
        {
            case null or "full":
                return WarmLevel.Full;
            case "connect":
                return WarmLevel.Connect;
            case "off":
                return WarmLevel.Off;
            default:
                problems.Add($"FASTTRIGGER_WARM is '{text}'; off, connect or full is expected");
                return WarmLevel.Full;
        }
    }

    private static LogLevel ReadLevel(string? text, List<string> problems)
    {
        switch (text?.ToUpperInvariant())
        {
            case null or "INFO":
                return LogLevel.Info;
            case "TRACE":
                return LogLevel.Trace;
            case "DEBUG":
                return LogLevel.Debug;
            case "WARN":
                return LogLevel.Warn;
            case "ERROR":
                return LogLevel.Error;
            case "FATAL":
                return LogLevel.Fatal;
            default:
                problems.Add($"AWS_LAMBDA_LOG_LEVEL is '{text}'; TRACE, DEBUG, INFO, WARN, ERROR or FATAL is expected");
                return LogLevel.Info;
        }
    }
}

/// <summary>What is done during INIT so that the first event finds it done.</summary>
internal enum WarmLevel
{
    Off,
    /// <summary>Connections to the endpoints that the routes name, and the trust that they need.</summary>
    Connect,
    /// <summary>And one pass of the hot path, with an event that is made up and peers that are not there.</summary>
    Full,
}
