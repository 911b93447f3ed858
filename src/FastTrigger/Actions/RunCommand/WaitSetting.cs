using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunCommand;

/// <summary>`wait`: how long the result is waited for, and what is said of it.</summary>
/// <param name="TimeoutMs">Null for as long as the invocation has.</param>
/// <param name="Output">How many characters of each server's output the answer has, at most.</param>
/// <param name="Cancel">Whether what is still pending when the time is over is cancelled.</param>
internal sealed record WaitSetting(int? TimeoutMs, int Output, bool Cancel)
{
    private const int LongestMs = 15 * 60_000;

    /// <summary>ListCommandInvocations shows this many.</summary>
    private const int MostOutput = 2_500;

    private const int DefaultOutput = 1_000;

    /// <summary>Null when nobody waits.</summary>
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

        var timeout = settings.Duration("timeout", LongestMs);
        var wait = mayHaveOutput
            ? new WaitSetting(timeout, settings.Integer("output", 0, MostOutput) ?? DefaultOutput, settings.Boolean("cancel", otherwise: false))
            : new(timeout, 0, false);
        settings.End();
        return wait;
    }

    /// <summary>When the waiting ends: with the invocation at the latest.</summary>
    public Deadline Deadline(ActionContext context) => TimeoutMs is { } limit ? context.Deadline.AtMost(context.Settings.Clock, limit) : context.Deadline;
}
