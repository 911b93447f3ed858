using System.Text.Json.Nodes;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates.Triggers;

/// <summary>The permission of the Alexa skill of a parameter: a skill belongs to no account.</summary>
internal sealed class AlexaTrigger() : ServiceTrigger("alexa-appkit.amazon.com", "name it as the skill's endpoint")
{
    protected override void Restrict(JsonObject permission, TemplateParts parts)
    {
        parts.AddParameter("AlexaSkillId", "The skill that invokes the function");
        permission["EventSourceToken"] = Ref("AlexaSkillId");
    }
}
