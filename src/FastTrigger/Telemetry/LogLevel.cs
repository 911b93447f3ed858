namespace FastTrigger.Telemetry;

/// <summary>The values of AWS_LAMBDA_LOG_LEVEL, in ascending order.</summary>
internal enum LogLevel
{
    Trace,
    Debug,
    Info,
    Warn,
    Error,
    Fatal,
}
