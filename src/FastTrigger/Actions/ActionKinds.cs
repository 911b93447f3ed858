using FastTrigger.Actions.Calling;
using FastTrigger.Actions.CheckWebsite;
using FastTrigger.Actions.Handlers;
using FastTrigger.Actions.Instances;
using FastTrigger.Actions.RunAutomation;
using FastTrigger.Actions.RunCommand;
using FastTrigger.Actions.Tagging;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions;

/// <summary>What the settings of every action are read with.</summary>
internal sealed record ActionScope(Allow Allow, IReadOnlyDictionary<string, RegisteredHandler>? Handlers);

/// <summary>Every action. A new one needs a folder, and a line here.</summary>
internal static class ActionKinds
{
    private static readonly (string Name, Func<SettingReader, ActionScope, RouteAction?> Read)[] s_all =
    [
        ("tag", TagAction.Read),
        ("run-command", RunCommandAction.Read),
        ("run-automation", RunAutomationAction.Read),
        ("start-instances", static (settings, scope) => InstanceAction.Read(settings, scope, StateChange.Start)),
        ("stop-instances", static (settings, scope) => InstanceAction.Read(settings, scope, StateChange.Stop)),
        ("reboot-instances", static (settings, scope) => InstanceAction.Read(settings, scope, StateChange.Reboot)),
        ("terminate-instances", static (settings, scope) => InstanceAction.Read(settings, scope, StateChange.Terminate)),
        ("call", CallAction.Read),
        ("check-website", CheckWebsiteAction.Read),
        ("handler", HandlerAction.Read),
    ];

    public static IEnumerable<string> Names => Array.ConvertAll(s_all, static kind => kind.Name);

    /// <summary>Reads {"ACTION": {settings}}.</summary>
    public static RouteAction? Read(JsonNode node, ActionScope scope, JsonProblems problems)
    {
        if (!node.IsObject || node.Members.Length != 1)
        {
            problems.Add(node, $"an entry of 'do' is an object with one key, the action: {string.Join(", ", Names)}");
            return null;
        }

        var member = node.Members.First;
        foreach (var (name, read) in s_all)
        {
            if (name == member.Name)
            {
                if (SettingReader.Open(member.Value, name, problems) is not { } settings)
                {
                    return null;
                }

                var action = read(settings, scope);
                settings.End();
                return action;
            }
        }

        var hint = NearName.Hint(member.Name, Names, $"it has {string.Join(", ", Names)}");
        problems.Add(member.Offset, $"'{member.Name}' is no action that this version carries out; {hint}");
        return null;
    }
}
