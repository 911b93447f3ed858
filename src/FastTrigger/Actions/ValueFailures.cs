using FastTrigger.Values;

namespace FastTrigger.Actions;

/// <summary>Turns a value that is not available into the result of the action that needs it.</summary>
internal static class ValueFailures
{
    /// <summary>Null when there is a value.</summary>
    /// <param name="setting">The setting's path, as the reason names it.</param>
    public static ActionResult? Failure(this ValueResult value, string setting) => value.Kind switch
    {
        ValueKind.Missing => ActionResult.Failed(
            $"{setting}: {value.Text} is missing{(value.Meant is { } meant ? $"; did you mean {meant}?" : "")}"),
        ValueKind.Nobody or ValueKind.Refused => ActionResult.Failed($"{setting}: {value.Text}"),
        ValueKind.Unavailable => ActionResult.Retry($"{setting}: {value.Text}"),
        _ => null,
    };
}
