using System.Text;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunCommand;

/// <summary>`document` and its `parameters`, for commands and automations alike.</summary>
internal static class DocumentSetting
{
    /// <summary>A document may have 64 KB, its parameters among them.</summary>
    private const int LongestParameters = 60 * 1024;

    private const string Form = "the name of a document, 3 to 128 letters, digits and . - _, or its ARN";

    /// <summary>Event text does not choose what is run (C1.6).</summary>
    public static string? Read(SettingReader settings, bool required)
    {
        if (required)
        {
            _ = settings.Require("document", Form);
        }

        var name = settings.Matching("document", Form, static text => text.Length >= 3 && (IsName(text) || text.StartsWith("arn:aws", StringComparison.Ordinal)));
        if (name is "AWS-RunShellScript" or "AWS-RunPowerShellScript")
        {
            settings.Problems.Add(settings.Node.Find("document")!, $"'commands' and 'shell' take the place of {name}, with a guard around them and event text in variables only");
        }

        return name;
    }

    /// <summary>Names with a text or a list of texts. What a document takes for script gets no word of an event.</summary>
    public static List<(string Name, List<ValueTemplate> Values)> ReadParameters(SettingReader settings)
    {
        var parameters = new List<(string Name, List<ValueTemplate> Values)>();
        if (settings.Take("parameters") is not { } node || !settings.Expect(node, node.IsObject, "parameters", "an object of names and values"))
        {
            return parameters;
        }

        foreach (var member in node.Members)
        {
            var values = member.Value.IsString ? [member.Value] : settings.Strings(member.Value, member.Name);
            parameters.Add((member.Name, values.ConvertAll(value => ValueTemplate.Parse(value, IsScript(member.Name) ? ValueRule.NoEvent : ValueRule.Anything, settings.Problems))));
        }

        return parameters;
    }

    /// <summary>The parameters for one item; null with how the action ends.</summary>
    public static List<(string Name, IReadOnlyList<string> Values)>? Evaluate(List<(string Name, List<ValueTemplate> Values)> parameters, in ValueScope scope, out ActionResult end)
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

        if (size > LongestParameters)
        {
            end = ActionResult.Failed($"the parameters are over {LongestParameters / 1024} KB");
            return null;
        }

        return given;
    }

    /// <summary>C7.2: Systems Manager would put something else in the place of {{ }}.</summary>
    private static ActionResult? Refuse(string name, ValueResult value) =>
        value.Joined.Contains("{{", StringComparison.Ordinal) ? ActionResult.Failed($"parameters.{name}: the value has {{{{ in it, which Systems Manager would replace") : null;

    private static bool IsScript(string name) =>
        name.Equals("commands", StringComparison.OrdinalIgnoreCase) || name.Equals("commandLine", StringComparison.OrdinalIgnoreCase)
        || name.Contains("script", StringComparison.OrdinalIgnoreCase) || name.Equals("runCommand", StringComparison.OrdinalIgnoreCase)
        || name.Equals("ExtraVariables", StringComparison.OrdinalIgnoreCase) || name.Equals("powerShellCommand", StringComparison.OrdinalIgnoreCase);

    private static bool IsName(string text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-' or '_'))
            {
                return false;
            }
        }

        return text.Length <= 128;
    }
}
