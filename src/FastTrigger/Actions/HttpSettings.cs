using System.Text.Json;
using FastTrigger.Http;
using FastTrigger.Values;

namespace FastTrigger.Actions;

/// <summary>The settings of HTTP that `call` and `check-website` share.</summary>
internal static class HttpSettings
{
    public static string ReadMethod(SettingReader settings, string otherwise) => settings.Matching(
        "method",
        "GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS",
        static text => text is "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS") ?? otherwise;

    public static List<(string Name, ValueTemplate Value)> ReadHeaders(SettingReader settings, ValueRule rule) =>
        settings.Take("headers") is { } node && settings.Expect(node, node.IsObject, "headers", "an object of names and values")
            ? settings.Templates(node, HttpRequest.RefuseHeader, rule)
            : [];

    /// <summary>A status, or a list of them; empty when the setting is absent.</summary>
    public static List<int> ReadStatuses(SettingReader settings, string name)
    {
        const string Form = "an HTTP status from 100 to 599, or a list of them";
        var statuses = new List<int>();
        if (settings.Take(name) is not { } node)
        {
            return statuses;
        }

        foreach (var item in node.IsArray ? node.Items.ToArray() : [node])
        {
            var isStatus = item is { Kind: JsonTokenType.Number, Text: [>= '1' and <= '5', >= '0' and <= '9', >= '0' and <= '9'] };
            if (settings.Expect(item, isStatus, name, Form))
            {
                statuses.Add(((item.Text[0] - '0') * 100) + ((item.Text[1] - '0') * 10) + (item.Text[2] - '0'));
            }
        }

        settings.Expect(node, statuses.Count > 0 || !node.IsEmpty, name, Form);
        return statuses;
    }

    /// <summary>The headers for one item; null with the result of the action.</summary>
    public static List<(string Name, string Value)>? Evaluate(
        List<(string Name, ValueTemplate Value)> headers,
        in ValueScope scope,
        out ActionResult end)
    {
        end = default;
        var given = new List<(string Name, string Value)>(headers.Count + 4);
        foreach (var (name, template) in headers)
        {
            var value = template.Evaluate(scope);
            if (value.Failure($"headers.{name}") is { } failure)
            {
                end = failure;
                return null;
            }

            if (!HttpRequest.IsHeaderValue(value.Joined))
            {
                const string Control = "the value has a line break or another control character, which no header can hold";
                end = ActionResult.Failed($"headers.{name}: {Control}");
                return null;
            }

            given.Add((name, value.Joined));
        }

        return given;
    }
}
