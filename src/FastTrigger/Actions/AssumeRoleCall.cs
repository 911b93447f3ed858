using FastTrigger.Aws.Sts;

namespace FastTrigger.Actions;

/// <summary>AssumeRole is authorized for the role, and so are its session tags.</summary>
internal sealed class AssumeRoleCall(RoleSetting role, Allow allow)
    : ActionCall(StsClient.Operations.AssumeRole, "assumes the role, with `role`")
{
    private const string Roles = "the roles that routes name; allow.roles narrows a role whose account an event names";

    public override IReadOnlyList<CallPermission> Permissions
    {
        get
        {
            List<CallResource> roles = role.Arn.Literal is { } arn ? [CallResource.Literal(arn)]
                : allow.Roles.Count > 0 ? new List<string>(allow.Roles).ConvertAll(CallResource.Literal)
                : new List<string>(allow.Accounts).ConvertAll(static account => new CallResource(ResourceForm.Role, account, "role/*"));
            var assume = new CallPermission("AssumeRole", Roles, roles)
            {
                Problem = roles.Count > 0 ? null : "its role is not literal, so it could be any; allow.roles must say which",
            };
            var tag = new CallPermission("TagSession", "the session tags of these roles", roles) { Action = "sts:TagSession" };
            return role.SessionTags.Count > 0 ? [assume, tag] : [assume];
        }
    }
}
