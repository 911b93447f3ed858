using System.Text.Json.Nodes;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates.Triggers;

/// <summary>The permission of a service whose own configuration names the function. It holds for resources of this account only.</summary>
/// <param name="principal">The service principal.</param>
/// <param name="setup">The step that remains to the user.</param>
internal class ServiceTrigger(string principal, string setup) : SourceTrigger
{
    public sealed override TriggerKind Kind => TriggerKind.Permission;

    public sealed override void Add(string source, IReadOnlyList<TemplateRoute> routes, TemplateParts parts)
    {
        parts.AddNote($"{source}: {setup}. The function is the output FunctionAliasArn");
        var permission = Parse($$"""
            {
              "#": {{Literal($"For {source}: {setup}.")}},
              "Type": "AWS::Lambda::Permission",
              "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": {"Ref": "Function.Alias"},
                "Principal": "{{principal}}"
              }
            }
            """);
        Restrict(permission["Properties"]!.AsObject(), parts);
        parts.Resources[LogicalId(source) + "Permission"] = permission;
    }

    /// <summary>Restricts the permission to the resources that the user owns.</summary>
    protected virtual void Restrict(JsonObject permission, TemplateParts parts) => permission["SourceAccount"] = Ref("AWS::AccountId");
}
