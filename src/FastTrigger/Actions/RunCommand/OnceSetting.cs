using System.Text;
using System.Text.Json;
using FastTrigger.Http;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunCommand;

/// <summary>`once`: false, true, or {"by", "per", "interrupted"} (C4.1, C4.2).</summary>
internal sealed record OnceSetting(bool Enabled, ValueTemplate? By, bool RerunInterrupted)
{
    public static OnceSetting Read(SettingReader action)
    {
        var node = action.Take("once");
        if (node is null or { Kind: JsonTokenType.True })
        {
            return new(true, null, false);
        }

        if (node.Kind == JsonTokenType.False)
        {
            return new(false, null, false);
        }

        if (SettingReader.Open(node, "once", action.Problems) is not { } settings)
        {
            return new(true, null, false);
        }

        var by = settings.Template("by", ValueRule.Anything);
        Choose(settings, "per", "server");
        var rerun = Choose(settings, "interrupted", "fail", "rerun") == "rerun";
        settings.End();
        return new(true, by, rerun);
    }

    /// <summary>SHA-256 of function name, route, action index and what it is acted once by, in hexadecimal.</summary>
    public ValueResult Key(ActionContext context)
    {
        var by = By?.Evaluate(context.Scope) ?? ValueResult.Of(context.Item.Id);
        if (by.Kind is not (ValueKind.Text or ValueKind.List))
        {
            return by;
        }

        return ValueResult.Of(Hash($"{context.Settings.FunctionName}\0{context.RouteName}\0{context.ActionIndex}\0{by.Joined}"));
    }

    internal static string Hash(string text)
    {
        Span<byte> digest = stackalloc byte[Sha256.Size];
        Sha256.Hash(Encoding.UTF8.GetBytes(text), digest);
        return Convert.ToHexStringLower(digest);
    }

    private static string? Choose(SettingReader settings, string name, params string[] choices)
    {
        var node = settings.Take(name);
        if (node is null || Array.IndexOf(choices, node.Text) >= 0)
        {
            return node?.Text;
        }

        settings.Expect(node, false, name, string.Join(" or ", Array.ConvertAll(choices, static choice => $"\"{choice}\"")) + " in this version");
        return null;
    }
}
