using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Values;

namespace FastTrigger.Actions;

/// <summary>`wait`: how long the action waits for the result, and what it reports.</summary>
/// <param name="TimeoutMs">Null for the time that the invocation has.</param>
/// <param name="Output">The maximum number of characters of each server's output in the answer.</param>
/// <param name="Cancel">Whether what is still pending when the time is over is cancelled.</param>
internal sealed record WaitSetting(int? TimeoutMs, int Output, bool Cancel)
{
    private const int MaxMs = 15 * 60_000;

    /// <summary>ListCommandInvocations has no more characters.</summary>
    private const int MaxOutput = 2_500;

    private const int DefaultOutput = 1_000;

    /// <summary>Null when the action does not wait.</summary>
    public static WaitSetting? Read(SettingReader action, bool mayHaveOutput)
    {
        if (action.Take("wait") is not { } node || node.Kind == JsonTokenType.False)
        {
            return null;
        }

        if (node.Kind == JsonTokenType.True)
        {
            return new(null, DefaultOutput, false);
        }

        if (SettingReader.Open(node, "wait", action.Problems) is not { } settings)
        {
            return null;
        }

        var timeout = settings.Duration("timeout", MaxMs);
        var wait = new WaitSetting(timeout, 0, false);
        if (mayHaveOutput)
        {
            wait = wait with
            {
                Output = settings.Integer("output", 0, MaxOutput) ?? DefaultOutput,
                Cancel = settings.Boolean("cancel", otherwise: false),
            };
        }

        settings.End();
        return wait;
    }

    /// <summary>The end of the waiting: with the invocation at the latest.</summary>
    public Deadline Deadline(ActionContext context) =>
        TimeoutMs is { } limit ? context.Deadline.AtMost(context.Settings.Clock, limit) : context.Deadline;
}
