using FastTrigger.Aws.Ssm;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunCommand;

/// <summary>Runs shell or PowerShell text on servers through Systems Manager, at most once on each for an event.</summary>
internal sealed class RunCommandAction : RouteAction
{
    /// <summary>What Comment has room for beside the token that a command is found by again.</summary>
    private const int LongestComment = 100 - CommandSender.TokenLength - 1;

    private readonly List<(string Name, ValueTemplate Value)> _environment = [];
    private CommandTargets _targets = null!;
    private OnceSetting _once = null!;
    private CommandShell _shell;
    private string _commands = "";
    private ValueTemplate? _comment, _workingDirectory;
    private string? _documentVersion, _maxConcurrency, _maxErrors, _region;
    private int? _deliveryTimeout, _executionTimeout;
    private bool _confirm;

    public override string Name => "run-command";

    public static RunCommandAction? Read(SettingReader settings, ActionScope scope)
    {
        var targets = CommandTargets.Read(settings);
        var action = new RunCommandAction
        {
            _targets = targets!,
            _once = OnceSetting.Read(settings),
            _shell = ReadShell(settings),
            _comment = settings.Template("comment", ValueRule.NoEvent),
            _workingDirectory = settings.Template("workingDirectory", ValueRule.NoEvent),
            _documentVersion = ReadMatching(settings, "documentVersion", "\"$LATEST\", \"$DEFAULT\" or a number in quotes", static text => text is "$LATEST" or "$DEFAULT" || IsNumber(text)),
            _maxConcurrency = ReadMatching(settings, "maxConcurrency", "a number or a percentage in quotes, such as \"10\" or \"25%\"", static text => IsNumber(text.TrimEnd('%')) && text is not ("0" or "0%")),
            _maxErrors = ReadMatching(settings, "maxErrors", "a number or a percentage in quotes, such as \"0\" or \"10%\"", static text => IsNumber(text.TrimEnd('%'))),
            _region = AwsReach.Read(settings),
            _deliveryTimeout = settings.Integer("deliveryTimeoutSeconds", 30, 2_592_000),
            _executionTimeout = settings.Integer("executionTimeoutSeconds", 1, 172_800),
            _confirm = settings.Boolean("confirm", otherwise: true),
        };
        action._commands = ReadCommands(settings);
        action.ReadEnvironment(settings);
        var document = new CommandScript(action._shell, "", null, false).Document;
        if (scope.Allow.Documents.Count > 0 && !Contains(scope.Allow.Documents, document))
        {
            settings.Problems.Add(settings.Node, $"run-command uses the document {document}, which allow.documents does not list");
        }

        return targets is null ? null : action;
    }

    public override ActionResult Run(ActionContext context)
    {
        if (AwsReach.Region(context, _region, out var refused) is not { } region)
        {
            return refused;
        }

        var ids = _targets.Evaluate(context.Scope, out var end);
        if (ids is null)
        {
            return end;
        }

        if (ids.Count == 0 && !_targets.ByTag)
        {
            return ActionResult.Failed("targets.instanceIds: the event names no instance");
        }

        if (ids.Count > SsmClient.MostInstanceIds && !_once.Enabled)
        {
            // A part that was accepted could not be told from one that was not when the event comes again (C5.2).
            return ActionResult.Failed($"{ids.Count} instances take several commands, which needs \"once\"");
        }

        var key = _once.Key(context);
        if (key.Failure("once.by") is { } noKey)
        {
            return noKey;
        }

        if (Prepare(context, key.Text, out var request) is { } failure)
        {
            return failure;
        }

        return new CommandSender(context, new(context.Aws, region), request, key.Text, _once.Enabled).Send(ids, _confirm);
    }

    private ActionResult? Prepare(ActionContext context, string key, out SendCommandRequest request)
    {
        request = null!;
        var environment = new List<(string Name, string Value)>(_environment.Count);
        foreach (var (name, template) in _environment)
        {
            var value = template.Evaluate(context.Scope);
            if (value.Failure($"environment.{name}") is { } failure)
            {
                return failure;
            }

            if (Refuse(value.Joined) is { } problem)
            {
                return ActionResult.Failed($"environment.{name}: {problem}");
            }

            environment.Add((name, value.Joined));
        }

        var script = new CommandScript(_shell, _commands, _once.Enabled ? key : null, _once.RerunInterrupted);
        var text = script.Write(environment);
        if (System.Text.Encoding.UTF8.GetByteCount(text) > CommandScript.Longest)
        {
            return ActionResult.Failed($"the command and its environment are over {CommandScript.Longest / 1024} KB");
        }

        var parameters = new List<(string Name, string Value)> { ("commands", text) };
        if (_executionTimeout is { } seconds)
        {
            parameters.Add(("executionTimeout", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        if (_workingDirectory?.Evaluate(context.Scope) is { } directory)
        {
            if (directory.Failure("workingDirectory") is { } failure)
            {
                return failure;
            }

            parameters.Add(("workingDirectory", directory.Joined));
        }

        var comment = _comment?.Evaluate(context.Scope) ?? ValueResult.Of($"FastTrigger {context.RouteName}");
        if (comment.Failure("comment") is { } noComment)
        {
            return noComment;
        }

        var targets = new List<(string Key, IReadOnlyList<string> Values)>();
        foreach (var (tag, templates) in _targets.Tags)
        {
            var values = new List<string>();
            foreach (var template in templates)
            {
                var value = template.Evaluate(context.Scope);
                if (value.Failure($"targets.{tag}") is { } failure)
                {
                    return failure;
                }

                values.Add(value.Joined);
            }

            targets.Add((tag, values));
        }

        request = new()
        {
            DocumentName = script.Document,
            DocumentVersion = _documentVersion,
            Targets = targets,
            Parameters = parameters,
            Comment = comment.Joined.Length <= LongestComment ? comment.Joined : comment.Joined[..LongestComment],
            DeliveryTimeoutSeconds = _deliveryTimeout,
            MaxConcurrency = _maxConcurrency,
            MaxErrors = _maxErrors,
        };
        return null;
    }

    /// <summary>C7: what would not arrive as it is.</summary>
    private static string? Refuse(string value) =>
        value.Contains('\0') ? "the value has a NUL character, which no variable can hold"
        : value.Contains("{{", StringComparison.Ordinal) ? "the value has {{ in it, which Systems Manager would replace"
        : null;

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

    private void ReadEnvironment(SettingReader settings)
    {
        if (settings.Take("environment") is not { } node || !settings.Expect(node, node.IsObject, "environment", "an object of names and values"))
        {
            return;
        }

        foreach (var member in node.Members)
        {
            if (ShellText.RefuseName(member.Name) is { } problem)
            {
                settings.Problems.Add(member.Offset, problem);
            }
            else if (settings.Expect(member.Value, member.Value.IsString, member.Name, "a string"))
            {
                _environment.Add((member.Name, ValueTemplate.Parse(member.Value, ValueRule.Anything, settings.Problems)));
            }
        }
    }

    private static string? ReadMatching(SettingReader settings, string name, string form, Func<string, bool> matches)
    {
        var node = settings.Take(name);
        return node is not null && settings.Expect(node, node.IsString && matches(node.Text), name, form) ? node.Text : null;
    }

    private static bool IsNumber(string text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiDigit(letter))
            {
                return false;
            }
        }

        return text.Length is > 0 and <= 7;
    }

    private static bool Contains(IReadOnlyList<string> list, string value)
    {
        foreach (var entry in list)
        {
            if (entry == value)
            {
                return true;
            }
        }

        return false;
    }
}
