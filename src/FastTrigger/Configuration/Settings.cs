using System.Globalization;
using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Telemetry;

namespace FastTrigger.Configuration;

/// <summary>
/// All settings from environment variables, read once. The variables are Lambda's
/// (docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html) and FASTTRIGGER_*.
/// </summary>
internal sealed class Settings
{
    /// <summary>Lambda stops an INIT after ten seconds.</summary>
    private const int MaxWarmLimitMs = 8_000;

    private const StringSplitOptions ListEntries = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    /// <summary>host:port, with an optional path; null outside Lambda.</summary>
    public required string? RuntimeApi { get; init; }

    public required string RoutesPath { get; init; }

    public required string TaskRoot { get; init; }

    public required string FunctionName { get; init; }

    public required string Region { get; init; }

    /// <summary>The memory that the function has; null when Lambda does not say.</summary>
    public int? MemoryMiB { get; init; }

    /// <summary>The maximum number of concurrent invocations in one environment; 1 when Lambda sets none.</summary>
    public required int MaxConcurrency { get; init; }

    public required bool LogJson { get; init; }

    public required LogLevel LogLevel { get; init; }

    /// <summary>How many of a million invocations write records below INFO.</summary>
    public int DebugShare { get; init; } = Log.All;

    /// <summary>The act-once table; null when there is none.</summary>
    public string? OnceTable { get; init; }

    /// <summary>
    /// ARNs of trusted queues, topics and streams, in addition to those of routes.json. The person who deploys knows them; the author
    /// of the routes may not.
    /// </summary>
    public IReadOnlyList<string> Trust { get; init; } = [];

    /// <summary>What calls and website checks may reach, as host or host:port in lower case; null for everything.</summary>
    public IReadOnlyList<string>? Network { get; init; }

    /// <summary>Whether event source mappings accept a list of the failed records (C3.3).</summary>
    public bool PartialBatch { get; init; }

    /// <summary>Whether all routes only report what they would do.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether each invocation writes its metrics.</summary>
    public bool WritesMetrics { get; init; }

    /// <summary>The fields of log records whose texts are not written; null for none.</summary>
    public IReadOnlyList<string>? Redact { get; init; }

    /// <summary>Whether a failed check of a website is a value of its metric, and not a failed invocation.</summary>
    public bool FailedCheckIsMetric { get; init; }

    public required HttpProxy Proxy { get; init; }

    public required WarmLevel Warm { get; init; }

    /// <summary>How long INIT may wait for connections.</summary>
    public required int WarmLimitMs { get; init; }

    /// <summary>Reads a variable on demand: credentials, endpoints, ${env.NAME}.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>A file that replaces the system's certificate store in tests; null for the system's own store.</summary>
    public string? SystemRoots { get; init; }

    public Clock Clock { get; init; } = Clock.System;

    /// <summary>Reads the process's own environment. An empty variable counts as not set.</summary>
#pragma warning disable RS0030 // this is the one place that reads it
    public static string? FromProcess(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
#pragma warning restore RS0030

    /// <summary>Why a call or a website check may not reach a server; null when it may.</summary>
    public string? Refuse(Origin origin) =>
        Network is { } hosts && !hosts.Has(origin.Host) && !hosts.Has($"{origin.Host}:{origin.Port}")
            ? $"{origin.Authority} is not reached from here: FASTTRIGGER_NETWORK does not name {origin.Host} (fasttrigger --network)"
            : null;

    public static Settings Read(Func<string, string?> variable, List<string> problems)
    {
        var concurrency = 1;
        if (variable("AWS_LAMBDA_MAX_CONCURRENCY") is { } text && (!IsNumber(text, out concurrency) || concurrency is < 1 or > 1024))
        {
            problems.Add($"AWS_LAMBDA_MAX_CONCURRENCY is '{text}'; a number from 1 to 1024 is expected");
            concurrency = 1;
        }

        var proxyUrl = variable("HTTPS_PROXY") ?? variable("https_proxy");
        var noProxy = variable("NO_PROXY") ?? variable("no_proxy");
        if (!HttpProxy.TryParse(proxyUrl, noProxy, out var proxy, out var problem))
        {
            problems.Add(problem);
        }

        var limit = 1_000;
        if (variable("FASTTRIGGER_WARM_LIMIT_MS") is { } milliseconds && (!IsNumber(milliseconds, out limit) || limit > MaxWarmLimitMs))
        {
            problems.Add($"FASTTRIGGER_WARM_LIMIT_MS is '{milliseconds}'; a number of milliseconds up to {MaxWarmLimitMs} is expected");
        }

        if (OpenSsl.IsLinkedIn && SettingOfOpenSsl(variable) is { } name)
        {
            problems.Add($"{name} is set, but the OpenSSL in this bootstrap has no FIPS module and reads no settings: deploy the dynamic "
                + "bootstrap, which uses the system's (fasttrigger pack --link dynamic), or remove the variable");
        }

        var root = variable("LAMBDA_TASK_ROOT") ?? ".";
        return new()
        {
            RuntimeApi = variable("AWS_LAMBDA_RUNTIME_API"),
            TaskRoot = root,
            RoutesPath = variable("FASTTRIGGER_ROUTES") ?? root.TrimEnd('/') + "/routes.json",
            FunctionName = variable("AWS_LAMBDA_FUNCTION_NAME") ?? "fasttrigger",
            Region = variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION") ?? "",
            MemoryMiB = variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE") is { } size && IsNumber(size, out var memory) ? memory : null,
            MaxConcurrency = concurrency,
            // With concurrent invocations each line must name its invocation.
            LogJson = concurrency > 1 || "JSON".Equals(variable("AWS_LAMBDA_LOG_FORMAT"), StringComparison.OrdinalIgnoreCase),
            LogLevel = ReadLevel(variable("AWS_LAMBDA_LOG_LEVEL"), problems),
            DebugShare = ReadShare(variable("FASTTRIGGER_DEBUG_SAMPLE"), problems),
            OnceTable = variable("FASTTRIGGER_ONCE_TABLE"),
            Trust = variable("FASTTRIGGER_TRUST")?.Split(',', ListEntries) ?? [],
            Network = variable("FASTTRIGGER_NETWORK")?.ToLowerInvariant().Split(',', ListEntries),
            PartialBatch = ReadSwitch(variable, "FASTTRIGGER_PARTIAL_BATCH", "on", "off", problems),
            WritesMetrics = variable("FASTTRIGGER_METRICS") is null || ReadSwitch(variable, "FASTTRIGGER_METRICS", "on", "off", problems),
            Redact = ReadRedact(variable("FASTTRIGGER_REDACT"), problems),
            FailedCheckIsMetric = ReadSwitch(variable, "FASTTRIGGER_FAILED_CHECKS", "metric", "fail", problems),
            DryRun = ReadSwitch(variable, "FASTTRIGGER_DRY_RUN", "true", "false", problems),
            Proxy = proxy,
            Warm = ReadWarm(variable("FASTTRIGGER_WARM"), problems),
            WarmLimitMs = limit,
            Variable = variable,
        };
    }

    /// <summary>The variable that asks for what only the system's OpenSSL can do; null when there is none.</summary>
    private static string? SettingOfOpenSsl(Func<string, string?> variable) =>
        variable("OPENSSL_CONF") is not null ? "OPENSSL_CONF"
        : IsTrue(variable("AWS_USE_FIPS_ENDPOINT")) ? "AWS_USE_FIPS_ENDPOINT"
        : null;

    /// <summary>A switch as the AWS SDKs read theirs.</summary>
    public static bool IsTrue(string? text) => "true".Equals(text, StringComparison.OrdinalIgnoreCase);

    private static bool IsNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

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

    private static string[]? ReadRedact(string? text, List<string> problems)
    {
        var names = text?.Split(',', ListEntries);
        foreach (var name in names ?? [])
        {
            if (!Log.RedactableFields.Has(name))
            {
                problems.Add($"FASTTRIGGER_REDACT names '{name}'; these fields can be redacted: {string.Join(", ", Log.RedactableFields)}");
            }
        }

        return names;
    }

    /// <summary>A share from 0 to 1 with up to six digits, in millionths. A number with a fraction would bring its parser, 15 KB.</summary>
    private static int ReadShare(string? text, List<string> problems)
    {
        const string Zeros = "000000";
        if (text is null or "1")
        {
            return Log.All;
        }

        if (text == "0")
        {
            return 0;
        }

        if (text.StartsWith("0.", StringComparison.Ordinal)
            && text.Length > 2 && text.Length <= 2 + Zeros.Length
            && IsNumber(text[2..] + Zeros[(text.Length - 2)..], out var share))
        {
            return share;
        }

        problems.Add($"FASTTRIGGER_DEBUG_SAMPLE is '{text}'; a share from 0 to 1 is expected, as in 0.01");
        return Log.All;
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

/// <summary>The work that INIT does in advance for the first event.</summary>
internal enum WarmLevel
{
    Off,
    /// <summary>INIT opens connections to the endpoints that the routes name, and loads the trusted roots.</summary>
    Connect,
    /// <summary>INIT also runs a synthetic event through the full pipeline, over in-memory transports.</summary>
    Full,
}
