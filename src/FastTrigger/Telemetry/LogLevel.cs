namespace FastTrigger.Telemetry;

/// <summary>AWS_LAMBDA_LOG_LEVEL's values, in its order.</summary>
internal enum LogLevel
{
    Trace,
    Debug,
    Info,
    Warn,
    Error,
    Fatal,
}
