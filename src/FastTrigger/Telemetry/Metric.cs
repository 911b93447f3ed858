namespace FastTrigger.Telemetry;

/// <summary>One value of a metric, with a unit of CloudWatch, such as Count or Milliseconds.</summary>
internal readonly record struct Metric(string Name, long Value, string Unit);
