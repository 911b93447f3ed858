using FastTrigger.Actions.Instances;
using FastTrigger.Aws.Ssm;

namespace FastTrigger.Actions.RunCommand;

/// <summary>SendCommand is authorized for the document and for each server, so each has a statement.</summary>
internal sealed class SendCommandCall(RunCommandSettings settings, Allow allow)
    : ActionCall(SsmClient.Operations.SendCommand, "sends the command")
{
    private const string Documents = "the documents that routes name, on the servers that other statements allow";

    public override IReadOnlyList<CallPermission> Permissions =>
    [
        new("SendCommandDocuments", Documents, [CallResource.Document(settings.DocumentName)]),
        .. Servers(),
        .. settings.Options.ServiceRoleArn is { } role ? [PassedRole.Permission([CallResource.Literal(role)])] : (CallPermission[])[],
    ];

    /// <summary>The servers with the tags of the targets, else those with one of the allowed tags.</summary>
    private List<CallPermission> Servers() => TaggedInstances.Permissions(
        settings.Targets.LiteralTags, allow, ServersWith, "its servers are named by the event or by a group");

    /// <summary>Servers that have all of these tags.</summary>
    private static CallPermission ServersWith(List<(string Key, IReadOnlyList<string> Values)> tags)
    {
        var name = "SendCommandTo" + string.Concat(tags.ConvertAll(static tag => tag.Key + string.Concat(tag.Values)));
        CallResource[] servers = [CallResource.Own("ec2", "instance/*"), CallResource.Own("ssm", "managed-instance/*")];
        return new(name, "the servers with these tags", servers)
        {
            Conditions = tags.ConvertAll(static tag => new CallCondition("StringLike", $"ssm:resourceTag/{tag.Key}", tag.Values)),
        };
    }
}
