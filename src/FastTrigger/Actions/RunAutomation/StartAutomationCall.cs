using FastTrigger.Aws.Ssm;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunAutomation;

/// <summary>StartAutomationExecution is authorized for the runbook, and for the role that the runbook works as.</summary>
/// <param name="hasRole">Whether the call is made by a role of its own, whose rights are not the function's.</param>
internal sealed class StartAutomationCall(
    string document,
    List<(string Name, List<ValueTemplate> Values)> parameters,
    Allow allow,
    bool hasRole)
    : ActionCall(AutomationClient.Operations.StartAutomationExecution, "starts the automation")
{
    /// <summary>The parameter by which a runbook takes the role that it works as.</summary>
    private const string RoleParameter = "AutomationAssumeRole";

    public override IReadOnlyList<CallPermission> Permissions
    {
        get
        {
            var runbook = CallResource.Document(document, "automation-definition", ":*");
            // Of a runbook of one's own the role may stand in the document.
            var worksAsFunction = runbook.Form == ResourceForm.NoAccount
                && !hasRole
                && !parameters.Exists(static one => one.Name == RoleParameter);
            var start = new CallPermission("StartAutomation", "the automations that routes name", [runbook])
            {
                Problem = worksAsFunction
                    ? $"the runbook {document} would work with the function's own rights, which do not have what its steps call; "
                        + $"name a role in its parameter {RoleParameter}"
                    : null,
            };
            var permissions = new List<CallPermission> { start };
            foreach (var (name, values) in parameters)
            {
                if (name == RoleParameter)
                {
                    permissions.Add(Pass(values));
                }
            }

            return permissions;
        }
    }

    private CallPermission Pass(List<ValueTemplate> values)
    {
        if (values.TrueForAll(static value => value.Literal is not null))
        {
            return PassedRole.Permission(values.ConvertAll(static value => CallResource.Literal(value.Literal!)));
        }

        var roles = new List<string>(allow.Roles).ConvertAll(CallResource.Literal);
        return PassedRole.Permission(roles) with
        {
            Problem = roles.Count > 0 ? null : $"its {RoleParameter} is not literal, so it could be any role; allow.roles must say which",
        };
    }
}
