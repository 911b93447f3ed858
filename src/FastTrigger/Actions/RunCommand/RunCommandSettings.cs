using FastTrigger.Values;

namespace FastTrigger.Actions.RunCommand;

/// <summary>What a `run-command` of routes.json says.</summary>
internal sealed class RunCommandSettings
{
    public required CommandTargets Targets { get; init; }

    public required CommandShell Shell { get; init; }

    /// <summary>Literal shell text.</summary>
    public required string Commands { get; init; }

    public required List<(string Name, ValueTemplate Value)> Environment { get; init; }

    public required OnceSetting Once { get; init; }

    public required ValueTemplate? Comment { get; init; }

    public required ValueTemplate? WorkingDirectory { get; init; }

    public required string? DocumentVersion { get; init; }

    public required string? MaxConcurrency { get; init; }

    public required string? MaxErrors { get; init; }

    public required int? DeliveryTimeoutSeconds { get; init; }

    public required int? ExecutionTimeoutSeconds { get; init; }

    /// <summary>Whether it is looked up if any server has the tags (C3.6).</summary>
    public required bool Confirm { get; init; }

    public required string? Region { get; init; }

    public string Document => Shell == CommandShell.PowerShell ? "AWS-RunPowerShellScript" : "AWS-RunShellScript";

    public static RunCommandSettings? Read(SettingReader settings, Allow allow)
    {
        var targets = CommandTargets.Read(settings);
        var read = new RunCommandSettings
        {
            Targets = targets!,
            Shell = ReadShell(settings),
            Commands = ReadCommands(settings),
            Environment = ReadEnvironment(settings),
            Once = OnceSetting.Read(settings),
            Comment = settings.Template("comment", ValueRule.NoEvent),
            WorkingDirectory = settings.Template("workingDirectory", ValueRule.NoEvent),
            DocumentVersion = ReadMatching(settings, "documentVersion", "\"$LATEST\", \"$DEFAULT\" or a number in quotes", static text => text is "$LATEST" or "$DEFAULT" || IsNumber(text)),
            MaxConcurrency = ReadMatching(settings, "maxConcurrency", "a number or a percentage in quotes, such as \"10\" or \"25%\"", static text => IsNumber(text.TrimEnd('%')) && text is not ("0" or "0%")),
            MaxErrors = ReadMatching(settings, "maxErrors", "a number or a percentage in quotes, such as \"0\" or \"10%\"", static text => IsNumber(text.TrimEnd('%'))),
            DeliveryTimeoutSeconds = settings.Integer("deliveryTimeoutSeconds", 30, 2_592_000),
            ExecutionTimeoutSeconds = settings.Integer("executionTimeoutSeconds", 1, 172_800),
            Confirm = settings.Boolean("confirm", otherwise: true),
            Region = AwsReach.Read(settings),
        };
        if (!Allow.Permits(allow.Documents, read.Document))
        {
            settings.Problems.Add(settings.Node, $"run-command uses the document {read.Document}, which allow.documents does not list");
        }

        return targets is null ? null : read;
    }

    private static CommandShell ReadShell(SettingReader settings)
    {
        var node = settings.Take("shell");
        switch (node?.Text)
        {
            case null or "sh":
                return CommandShell.Sh;
            case "bash":
                return CommandShell.Bash;
            case "powershell":
                return CommandShell.PowerShell;
            default:
                settings.Expect(node, false, "shell", "\"sh\", \"bash\" or \"powershell\"");
                return CommandShell.Sh;
        }
    }

    private static string ReadCommands(SettingReader settings)
    {
        if (settings.Require("commands", "a list of lines of shell text") is not { } node)
        {
            return "";
        }

        var lines = settings.Strings(node, "commands");
        for (var i = 0; i < lines.Count; i++)
        {
            if (Mistake(lines[i].Text, i) is { } mistake)
            {
                settings.Problems.Add(lines[i], mistake);
            }
        }

        return string.Join("\n", lines.ConvertAll(static line => line.Text));
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
                return $"commands are literal shell text, and nothing is filled in for {root}; put the value into 'environment' and write \"$NAME\"";
            }
        }

        var braces = line.IndexOf("{{", StringComparison.Ordinal);
        return braces >= 0 && line.AsSpan(braces + 2).TrimStart().StartsWith("ssm", StringComparison.Ordinal)
            ? "{{ssm:...}} would be replaced inside quoted text; read the parameter on the server instead"
            : line.Contains('\0') ? "commands cannot have a NUL character" : null;
    }

    private static List<(string Name, ValueTemplate Value)> ReadEnvironment(SettingReader settings) =>
        settings.Take("environment") is { } node && settings.Expect(node, node.IsObject, "environment", "an object of names and values") ? settings.Templates(node, ShellText.RefuseName) : [];

    private static string? ReadMatching(SettingReader settings, string name, string form, Func<string, bool> matches)
    {
        var node = settings.Take(name);
        return node is not null && settings.Expect(node, node.IsString && matches(node.Text), name, form) ? node.Text : null;
    }

    private static bool IsNumber(string text) => text.Length is > 0 and <= 7 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');
}
