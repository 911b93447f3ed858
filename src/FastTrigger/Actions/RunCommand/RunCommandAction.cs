using FastTrigger.Aws.Ssm;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunCommand;

/// <summary>Runs shell or PowerShell text on servers through Systems Manager, at most once on each for an event.</summary>
internal sealed class RunCommandAction(RunCommandSettings settings) : RouteAction
{
    public override string Name => "run-command";

    public override (string Service, string? Region)[] Endpoints => [("ssm", settings.Region)];

    public override byte[] RehearsedAnswer =>
        [.. """{"Command":{"CommandId":"00000000-0000-0000-0000-000000000000"},"Commands":[{"CommandId":"00000000-0000-0000-0000-000000000000","Status":"InProgress","StatusDetails":"InProgress"}]}"""u8];

    public static RunCommandAction? Read(SettingReader settings, ActionScope scope) =>
        RunCommandSettings.Read(settings, scope.Allow) is { } read ? new(read) : null;

    public override ActionResult Run(ActionContext context)
    {
        if (AwsReach.Region(context, settings.Region, out var refused) is not { } region)
        {
            return refused;
        }

        var ids = settings.Targets.Evaluate(context.Scope, out var end);
        if (ids is null)
        {
            return end;
        }

        if (ids.Count == 0 && !settings.Targets.ByTag)
        {
            return ActionResult.Failed("targets.instanceIds: the event names no instance");
        }

        if (ids.Count > SsmClient.MostInstanceIds && !settings.Once.Enabled)
        {
            // A part that was accepted could not be told from one that was not when the event comes again (C5.2).
            return ActionResult.Failed($"{ids.Count} instances take several commands, which needs \"once\"");
        }

        var key = settings.Once.Key(context);
        if (key.Failure("once.by") is { } noKey)
        {
            return noKey;
        }

        var builder = new CommandRequestBuilder(settings, context.Scope);
        var request = builder.Build(key.Text);
        return builder.Failure ?? new CommandSender(context, new(context.Aws, region), request, key.Text, settings.Once.Enabled).Send(ids, settings.Confirm);
    }
}
