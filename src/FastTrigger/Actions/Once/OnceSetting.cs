using System.Text;
using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Values;

namespace FastTrigger.Actions.Once;

/// <summary>What makes sure that an action acts once (C4).</summary>
internal enum OncePer
{
    /// <summary>A guard around the script, on each server.</summary>
    Server,
    /// <summary>An entry in the act-once table, for the whole action.</summary>
    Event,
    /// <summary>AWS, by a client token.</summary>
    Token,
}

/// <summary>`once`: false, true, or {"by", "per", "interrupted"} (C4.1, C4.2).</summary>
internal sealed record OnceSetting(bool Enabled, ValueTemplate? By, OncePer Per, bool RerunInterrupted)
{
    public bool IsPerServer => Enabled && Per == OncePer.Server;

    public bool IsPerEvent => Enabled && Per == OncePer.Event;

    /// <param name="strongest">The form that the action supports; the default.</param>
    /// <param name="otherwise">Whether it is on without the setting.</param>
    public static OnceSetting Read(SettingReader action, OncePer strongest, bool otherwise = true)
    {
        var all = new OnceSetting(true, null, strongest, false);
        if (action.Take("once") is not { } node)
        {
            return all with { Enabled = otherwise };
        }

        if (node.Kind == JsonTokenType.True)
        {
            return all;
        }

        if (node.Kind == JsonTokenType.False)
        {
            return all with { Enabled = false };
        }

        if (SettingReader.Open(node, "once", action.Problems) is not { } settings)
        {
            return all;
        }

        var by = settings.Template("by", ValueRule.Anything);
        var per = strongest switch
        {
            OncePer.Server => settings.Choice("per", "server", "event") == "server" ? OncePer.Server : OncePer.Event,
            OncePer.Event => settings.Choice("per", "event") == "event" ? OncePer.Event : strongest,
            _ => strongest,
        };
        var rerun = strongest != OncePer.Token && settings.Choice("interrupted", "fail", "rerun") == "rerun";
        settings.End();
        return new(true, by, per, rerun);
    }

    /// <summary>The idempotency key: SHA-256 of function name, route, action index and `by`, in hexadecimal.</summary>
    public ValueResult Key(ActionContext context)
    {
        var by = By?.Evaluate(context.Scope) ?? ValueResult.Of(context.Item.Id);
        if (by.Kind is not (ValueKind.Text or ValueKind.List))
        {
            return by;
        }

        // All events without a value would share one key, and only the first would be acted on.
        if (IsEmpty(by.Items))
        {
            return ValueResult.Missing("the idempotency key");
        }

        var action = $"{context.Settings.FunctionName}\0{context.RouteName}\0{context.ActionIndex}";
        return ValueResult.Of(Hash($"{action}\0{by.Joined}"));
    }

    private static bool IsEmpty(IReadOnlyList<string> texts)
    {
        foreach (var text in texts)
        {
            if (text.Length > 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>128 random bits. A Guid would bring .NET's cryptography into the binary.</summary>
    internal static string NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Libc.RandomBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    internal static string Hash(string text)
    {
        Span<byte> digest = stackalloc byte[Sha256.Size];
        Sha256.Hash(Encoding.UTF8.GetBytes(text), digest);
        return Convert.ToHexStringLower(digest);
    }
}
