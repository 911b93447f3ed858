using System.Text;
using FastTrigger.Actions.Once;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunCommand;

/// <summary>A `run-command` of routes.json.</summary>
internal sealed class RunCommandSettings
{
    public required CommandTargets Targets { get; init; }

    /// <summary>The name or ARN of a document; null for shell text.</summary>
    public required string? Document { get; init; }

    /// <summary>The parameters of the document.</summary>
    public required List<(string Name, List<ValueTemplate> Values)> Parameters { get; init; }

    public required CommandShell Shell { get; init; }

    /// <summary>Literal shell text.</summary>
    public required string Commands { get; init; }

    public required List<(string Name, ValueTemplate Value)> Environment { get; init; }

    public required OnceSetting Once { get; init; }

    public required ValueTemplate? Comment { get; init; }

    public required ValueTemplate? WorkingDirectory { get; init; }

    public required int? ExecutionTimeoutSeconds { get; init; }

    public required CommandOptions Options { get; init; }

    public required WhenOffline Offline { get; init; }

    /// <summary>Null when the action does not wait for the result.</summary>
    public required WaitSetting? Wait { get; init; }

    /// <summary>Whether the action looks whether any server has the tags (C3.6).</summary>
    public required bool Confirm { get; init; }

    public required AwsReach Reach { get; init; }

    public string DocumentName => Document ?? (Shell == CommandShell.PowerShell ? "AWS-RunPowerShellScript" : "AWS-RunShellScript");

    public static RunCommandSettings? Read(SettingReader settings, Allow allow)
    {
        var targets = CommandTargets.Read(settings, allow);
        var document = DocumentSetting.Read(settings, required: false);
        var read = new RunCommandSettings
        {
            Targets = targets!,
            Document = document,
            Parameters = DocumentSetting.ReadParameters(settings),
            Shell = ReadShell(settings),
            Commands = ReadCommands(settings, document is not null),
            Environment = ReadEnvironment(settings),
            Once = OnceSetting.Read(settings, document is null ? OncePer.Server : OncePer.Event),
            Comment = settings.Template("comment", ValueRule.NoEvent),
            WorkingDirectory = settings.Template("workingDirectory", ValueRule.NoEvent),
            ExecutionTimeoutSeconds = settings.Integer("executionTimeoutSeconds", 1, 172_800),
            Options = CommandOptions.Read(settings),
            Offline = ReadOffline(settings, targets),
            Wait = WaitSetting.Read(settings, mayHaveOutput: true),
            Confirm = settings.Boolean("confirm", otherwise: true),
            Reach = AwsReach.Read(settings, allow),
        };
        if (!Allow.Permits(allow.Documents, read.DocumentName))
        {
            settings.Problems.Add(settings.Node, $"run-command uses the document {read.DocumentName}, which allow.documents does not list");
        }

        read.CheckDocument(settings);
        read.CheckSize(settings);
        return targets is null ? null : read;
    }

    private static WhenOffline ReadOffline(SettingReader settings, CommandTargets? targets)
    {
        if (settings.Take("offline") is not { } node)
        {
            return WhenOffline.NotAsked;
        }

        if (targets?.ByTag == true)
        {
            settings.Problems.Add(node, "'offline' is about instances that are known one by one: targets with instanceIds or resolve");
        }

        return settings.Choice("offline", "retry", "skip", "fail") switch
        {
            "retry" => WhenOffline.Retry,
            "skip" => WhenOffline.Skip,
            _ => WhenOffline.Fail,
        };
    }

    /// <summary>Settings of shell text have no meaning for a document, and the other way round.</summary>
    private void CheckDocument(SettingReader settings)
    {
        ReadOnlySpan<string> others = Document is null
            ? ["parameters"]
            : ["commands", "shell", "environment", "workingDirectory", "executionTimeoutSeconds"];
        foreach (var name in others)
        {
            if (settings.Node.Find(name) is { } node)
            {
                settings.Problems.Add(node, Document is null
                    ? "'parameters' are those of a 'document'; shell text has 'environment'"
                    : $"'{name}' belongs to shell text; a document of your own has 'parameters'");
            }
        }
    }

    /// <summary>Commands that fit into no document, whatever the event brings: the guard and the variables take room, too.</summary>
    private void CheckSize(SettingReader settings)
    {
        var length = Commands.Length;
        foreach (var (_, value) in Environment)
        {
            length += value.Literal?.Length ?? 0;
        }

        if (length <= CommandScript.AlwaysFits)
        {
            return;
        }

        var guard = Once.IsPerServer ? OnceSetting.Hash("") : null;
        var script = new CommandScript(Shell, Commands, guard, Once.RerunInterrupted);
        var text = script.Write(Environment.ConvertAll(static variable => (variable.Name, variable.Value.Literal ?? "")));
        if (Encoding.UTF8.GetByteCount(text) is > CommandScript.MaxBytes and var size)
        {
            var given = Encoding.UTF8.GetByteCount(Commands);
            settings.Refuse(
                "commands",
                $"'commands' have {given} bytes, which make {size} with guard, quotes and variables, and a document takes "
                    + $"{CommandScript.MaxBytes}; put the script on the servers, or into a document of your own");
        }
    }

    private static CommandShell ReadShell(SettingReader settings)
    {
        return settings.Choice("shell", "sh", "bash", "powershell") switch
        {
            "bash" => CommandShell.Bash,
            "powershell" => CommandShell.PowerShell,
            _ => CommandShell.Sh,
        };
    }

    private static string ReadCommands(SettingReader settings, bool hasDocument)
    {
        var found = hasDocument
            ? settings.Take("commands")
            : settings.Require("commands", "a list of lines of shell text, or else 'document'");
        if (found is not { } node)
        {
            return "";
        }

        var lines = settings.Strings(node, "commands");
        for (var i = 0; i < lines.Length; i++)
        {
            if (Mistake(lines[i].Text, i) is { } mistake)
            {
                settings.Problems.Add(lines[i], mistake);
            }
        }

        return string.Join("\n", lines.ConvertEach(static line => line.Text));
    }

    private static string? Mistake(string line, int index)
    {
        if (index == 0 && line.StartsWith("#!", StringComparison.Ordinal))
        {
            return "a first line #! has no effect here; 'shell' picks sh, bash or powershell";
        }

        foreach (var root in (ReadOnlySpan<string>)["${event.", "${event[", "${item.", "${env."])
        {
            if (line.Contains(root, StringComparison.Ordinal))
            {
                return $"commands are literal shell text, and nothing is filled in for {root}; "
                    + "put the value into 'environment' and write \"$NAME\"";
            }
        }

        var braces = line.IndexOf("{{", StringComparison.Ordinal);
        return braces >= 0 && line.AsSpan(braces + 2).TrimStart().StartsWith("ssm", StringComparison.Ordinal)
            ? "{{ssm:...}} would be replaced inside quoted text; read the parameter on the server instead"
            : line.Contains('\0') ? "commands cannot have a NUL character" : null;
    }

    private static List<(string Name, ValueTemplate Value)> ReadEnvironment(SettingReader settings) =>
        settings.Take("environment") is { } node
        && settings.Expect(node, node.IsObject, "environment", "an object of names and values")
            ? settings.Templates(node, ShellText.RefuseName)
            : [];
}
