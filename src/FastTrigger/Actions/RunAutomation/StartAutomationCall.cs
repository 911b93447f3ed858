using FastTrigger.Aws.Ssm;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunAutomation;

/// <summary>StartAutomationExecution is authorized for the runbook, and for the role that the runbook works as.</summary>
internal sealed class StartAutomationCall(string document, List<(string Name, List<ValueTemplate> Values)> parameters, Allow allow)
    : ActionCall(AutomationClient.Operations.StartAutomationExecution, "starts the automation")
{
    /// <summary>The parameter by which a runbook takes the role that it works as.</summary>
    private const string RoleParameter = "AutomationAssumeRole";

    public override IReadOnlyList<CallPermission> Permissions
    {
        get
        {
            var runbook = CallResource.Document(document, "automation-definition", ":*");
            var permissions = new List<CallPermission> { new("StartAutomation", "the automations that routes name", [runbook]) };
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
