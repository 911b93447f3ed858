using System.Text;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunCommand;

/// <summary>`document` and its `parameters`, for commands and automations.</summary>
internal static class DocumentSetting
{
    /// <summary>A document with its parameters may have 64 KB.</summary>
    private const int MaxParameters = 60 * 1024;

    private const int MaxName = 128;

    public const string Form =
        "the name of a document, 3 to 128 letters, digits and . - _, or its ARN, arn:aws:ssm:REGION:ACCOUNT:document/NAME";

    /// <summary>Event text does not choose what is run (C1.6).</summary>
    public static string? Read(SettingReader settings, bool required)
    {
        if (required)
        {
            _ = settings.Require("document", Form);
        }

        var name = settings.Matching("document", Form, IsDocument);
        if (name is "AWS-RunShellScript" or "AWS-RunPowerShellScript")
        {
            var instead = $"'commands' and 'shell' take the place of {name}, with a guard around them and event text in variables only";
            settings.Refuse("document", instead);
        }

        return name;
    }

    /// <summary>Names with a text or a list of texts. A parameter that a document runs as script takes no event text.</summary>
    public static List<(string Name, List<ValueTemplate> Values)> ReadParameters(SettingReader settings)
    {
        var parameters = new List<(string Name, List<ValueTemplate> Values)>();
        if (settings.Take("parameters") is not { } node
            || !settings.Expect(node, node.IsObject, "parameters", "an object of names and values"))
        {
            return parameters;
        }

        var size = 0;
        foreach (var member in node.Members)
        {
            var values = member.Value.IsString ? [member.Value] : settings.Strings(member.Value, member.Name);
            var rule = IsScript(member.Name) ? ValueRule.NoEvent : ValueRule.Anything;
            parameters.Add((member.Name, values.ConvertEach(value => ValueTemplate.Parse(value, rule, settings.Problems))));
            foreach (var template in parameters[^1].Values)
            {
                size += Encoding.UTF8.GetByteCount(template.Literal ?? "");
            }
        }

        settings.Expect(node, size <= MaxParameters, "parameters", $"at most {MaxParameters / 1024} KB");
        return parameters;
    }

    /// <summary>The parameters for one item; null with the result of the action.</summary>
    public static List<(string Name, IReadOnlyList<string> Values)>? Evaluate(
        List<(string Name, List<ValueTemplate> Values)> parameters,
        in ValueScope scope,
        out ActionResult end)
    {
        end = default;
        var size = 0;
        var given = new List<(string Name, IReadOnlyList<string> Values)>(parameters.Count);
        foreach (var (name, templates) in parameters)
        {
            var values = new List<string>(templates.Count);
            foreach (var template in templates)
            {
                var value = template.Evaluate(scope);
                if ((value.Failure($"parameters.{name}") ?? Refuse(name, value)) is { } failure)
                {
                    end = failure;
                    return null;
                }

                values.AddRange(value.Items);
                size += Encoding.UTF8.GetByteCount(value.Joined);
            }

            given.Add((name, values));
        }

        if (size > MaxParameters)
        {
            end = ActionResult.Failed($"the parameters are over {MaxParameters / 1024} KB");
            return null;
        }

        return given;
    }

    /// <summary>C7.2: Systems Manager would replace {{ }}.</summary>
    private static ActionResult? Refuse(string name, ValueResult value) => value.Joined.Contains("{{", StringComparison.Ordinal)
        ? ActionResult.Failed($"parameters.{name}: the value has {{{{ in it, which Systems Manager would replace")
        : null;

    private static bool IsScript(string name) =>
        name.Contains("script", StringComparison.OrdinalIgnoreCase)
        || name.ToUpperInvariant() is "COMMANDS" or "COMMANDLINE" or "RUNCOMMAND" or "POWERSHELLCOMMAND" or "EXTRAVARIABLES";

    public static bool IsDocument(string text) =>
        text.Length is >= 3 and <= MaxName && (SettingReader.IsMadeOf(text, ".-_") || IsArn(text));

    private static bool IsArn(string text) =>
        text.Split(':', 6) is ["arn", var partition, "ssm", _, _, var name]
        && partition.StartsWith("aws", StringComparison.Ordinal)
        && (name.StartsWith("document/", StringComparison.Ordinal) || name.StartsWith("automation-definition/", StringComparison.Ordinal))
        && SettingReader.IsMadeOf(text, ".-_:/");
}
