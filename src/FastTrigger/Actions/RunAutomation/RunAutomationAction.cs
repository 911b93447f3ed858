using FastTrigger.Actions.Once;
using FastTrigger.Actions.RunCommand;
using FastTrigger.Aws.Ssm;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunAutomation;

/// <summary>Starts an automation. Its client token derives from the idempotency key, so Systems Manager starts it once (C4.4).</summary>
internal sealed class RunAutomationAction : RouteAction
{
    private const int FirstDelayMs = 500, MaxDelayMs = 5_000, ReservedMs = 200, MaxTargets = 5;

    private const int MaxParameters = 200, MaxParameterName = 50, MaxValues = 50, MaxValueLength = 512;

    private string? _version, _targetParameter, _maxConcurrency, _maxErrors;
    private List<(string Name, List<ValueTemplate> Values)> _parameters = [];
    private List<(string Key, List<ValueTemplate> Values)> _targets = [];
    private OnceSetting _once = null!;
    private WaitSetting? _wait;
    private string _document = "";
    private AwsReach _reach = null!;
    private Allow _allow = Allow.Default;

    public override string Name => "run-automation";

    public override OnceSetting? Once => _once;

    public override byte[]? RehearsedAnswer => _wait is null && _reach.Role is null
        ? [.. """{"AutomationExecutionId":"00000000-0000-0000-0000-000000000000"}"""u8]
        : null;

    public static RunAutomationAction? Read(SettingReader settings, ActionScope scope)
    {
        var document = DocumentSetting.Read(settings, required: true);
        var action = new RunAutomationAction
        {
            _document = document ?? "",
            _version = CommandOptions.ReadVersion(settings),
            _parameters = DocumentSetting.ReadParameters(settings),
            _targets = ReadTargets(settings),
            _targetParameter = settings.Matching(
                "targetParameterName",
                "the name of the parameter that each target is put into",
                static text => text.Length is > 0 and <= 50),
            _maxConcurrency = CommandOptions.ReadMaxConcurrency(settings),
            _maxErrors = CommandOptions.ReadMaxErrors(settings),
            _once = OnceSetting.Read(settings, OncePer.Token),
            _wait = WaitSetting.Read(settings, mayHaveOutput: false),
            _reach = AwsReach.Read(settings, scope.Allow),
            _allow = scope.Allow,
        };
        if (document is not null && !Allow.Permits(scope.Allow.Documents, document))
        {
            settings.Problems.Add(settings.Node, $"run-automation uses the document {document}, which allow.documents does not list");
        }

        action.CheckParameters(settings);
        if ((action._targets.Count > 0) != (action._targetParameter is not null))
        {
            settings.Problems.Add(settings.Node, "'targets' and 'targetParameterName' go together");
        }

        return document is null ? null : action;
    }

    public override ActionResult Run(ActionContext context)
    {
        if (_reach.Resolve(context, out var refused) is not { } scope)
        {
            return refused;
        }

        var key = _once.Enabled ? _once.Key(context) : ValueResult.Of(OnceSetting.NewId());
        if (key.Failure("once.by") is { } noKey)
        {
            return noKey;
        }

        if (DocumentSetting.Evaluate(_parameters, context.Scope, out var end) is not { } parameters
            || DocumentSetting.Evaluate(_targets, context.Scope, out end) is not { } targets)
        {
            return end;
        }

        if (context.DryRun)
        {
            return ActionResult.Skipped($"dry run: would start the automation {_document}");
        }

        var automation = new AutomationClient(context.Aws, scope.Region, scope.Credentials);
        var request = new StartAutomationRequest
        {
            DocumentName = _document,
            DocumentVersion = _version,
            Parameters = parameters,
            ClientToken = Token(key.Text),
            TargetParameterName = _targetParameter,
            Targets = targets,
            MaxConcurrency = _maxConcurrency,
            MaxErrors = _maxErrors,
        };
        if (automation.StartAutomationExecution(request, context.Deadline, out var id) is { } failure)
        {
            return failure.Result("StartAutomationExecution");
        }

        var result = _wait is null
            ? ActionResult.Done($"started as {id}") with { IsAccepted = true }
            : Wait(context, automation, id, _wait);
        return result with { CommandId = id };
    }

    protected override IReadOnlyList<ActionCall> ListCalls() =>
        RunAutomationCalls.List(_document, _parameters, _wait is not null, _reach, _allow);

    /// <summary>The key's first half in the form of a UUID of version 8, whose bits the sender chooses (RFC 9562, 5.8).</summary>
    internal static string Token(string key) => $"{key[..8]}-{key[8..12]}-8{key[13..16]}-8{key[17..20]}-{key[20..32]}";

    /// <summary>docs.aws.amazon.com/systems-manager/latest/APIReference/API_StartAutomationExecution.html</summary>
    private void CheckParameters(SettingReader settings)
    {
        if (_parameters.Count == 0)
        {
            return;
        }

        var node = settings.Node.Find("parameters")!.Value;
        var members = node.Members.ToArray();
        settings.Expect(node, _parameters.Count <= MaxParameters, "parameters", $"at most {MaxParameters} parameters");
        for (var i = 0; i < _parameters.Count; i++)
        {
            var (name, values) = _parameters[i];
            var at = members[i].Value;
            settings.Expect(at, name.Length is > 0 and <= MaxParameterName, name, $"a name of 1 to {MaxParameterName} characters");
            settings.Expect(at, values.Count <= MaxValues, name, $"at most {MaxValues} values");
            var isRight = values.TrueForAll(static value => value.Literal is null or { Length: > 0 and <= MaxValueLength });
            settings.Expect(at, isRight, name, $"values of 1 to {MaxValueLength} characters in an automation");
        }
    }

    private static List<(string Key, List<ValueTemplate> Values)> ReadTargets(SettingReader settings)
    {
        const string Form = "{\"tag:Role\": [\"pump-controller\"]}, {\"ParameterValues\": [...]} or {\"resource-groups:Name\": [...]}";
        var targets = new List<(string Key, List<ValueTemplate> Values)>();
        if (settings.Take("targets") is not { } node
            || !settings.Expect(node, node.IsObject && node.Members.Length is > 0 and <= MaxTargets, "targets", Form))
        {
            return targets;
        }

        foreach (var member in node.Members)
        {
            if (member.Name is not ("ParameterValues" or "resource-groups:Name") && !CommandTargets.IsTag(member.Name))
            {
                settings.Problems.Add(member.Offset, $"'{member.Name}' is no target of an automation: {Form}");
            }

            // Values of a parameter are data; tags and groups choose the targets (C1.6).
            var rule = member.Name == "ParameterValues" ? ValueRule.Anything : ValueRule.NoEvent;
            var values = settings.Strings(member.Value, member.Name);
            settings.Expect(member.Value, values.Length <= CommandTargets.MaxValues, member.Name, "at most 50 values");
            targets.Add((member.Name, values.ConvertEach(value => ValueTemplate.Parse(value, rule, settings.Problems))));
        }

        return targets;
    }

    private static ActionResult Wait(ActionContext context, AutomationClient automation, string id, WaitSetting wait)
    {
        var deadline = wait.Deadline(context);
        for (var delay = FirstDelayMs; ; delay = Math.Min(delay * 2, MaxDelayMs))
        {
            var failure = automation.GetAutomationExecution(id, deadline, out var execution);
            if (failure is not null && !failure.MayPass && failure.Code != "AutomationExecutionNotFoundException")
            {
                return failure.Result("GetAutomationExecution");
            }

            if (execution is not null && End(id, execution) is { } end)
            {
                return end;
            }

            if (deadline.RemainingMs < delay + ReservedMs)
            {
                // The next delivery has the same token, and finds the same automation.
                return ActionResult.Retry($"the automation {id} had not ended within the time for it") with
                {
                    TimeIsUp = context.Deadline.RemainingMs < ReservedMs,
                };
            }

            Thread.Sleep(delay);
        }
    }

    /// <summary>Null while the automation runs.</summary>
    private static ActionResult? End(string id, AutomationExecution execution)
    {
        var why = execution.FailureMessage.Length > 0 ? $": {execution.FailureMessage}" : "";
        return execution.Status switch
        {
            "Success" or "CompletedWithSuccess" => ActionResult.Done($"the automation {id} has succeeded"),
            "Failed" or "TimedOut" or "Cancelled" or "Rejected" or "CompletedWithFailure" or "ChangeCalendarOverrideRejected" or "Exited"
                => ActionResult.Failed($"the automation {id} ended as {execution.Status}{why}"),
            _ => null,
        };
    }
}
