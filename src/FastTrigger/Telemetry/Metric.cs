namespace FastTrigger.Telemetry;

/// <summary>One value of a metric, with a unit as CloudWatch names it: Count, Milliseconds.</summary>
internal readonly record struct Metric(string Name, long Value, string Unit);
