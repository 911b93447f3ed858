namespace FastTrigger.Telemetry;

/// <summary>One named value of a log line: a text, a number, or true. The log ignores a default value.</summary>
internal readonly record struct LogField(string Name, string? Text, long Number, bool IsFlag = false)
{
    /// <summary>A field that is true; what is not true is not written.</summary>
    public static LogField Flag(string name) => new(name, null, 1, IsFlag: true);

    public static implicit operator LogField((string Name, string? Text) field) => new(field.Name, field.Text ?? "", 0);

    public static implicit operator LogField((string Name, long Number) field) => new(field.Name, null, field.Number);
}
