namespace FastTrigger.Telemetry;

/// <summary>One named value of a log line: a text or a number. The log ignores a default value.</summary>
internal readonly record struct LogField(string Name, string? Text, long Number)
{
    public static implicit operator LogField((string Name, string? Text) field) => new(field.Name, field.Text ?? "", 0);

    public static implicit operator LogField((string Name, long Number) field) => new(field.Name, null, field.Number);
}
