using FastTrigger.Events;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions.Instances;

/// <summary>`instanceIds` of `targets`: ids or ARNs of instances, most often from the event.</summary>
/// <param name="mayBeManaged">Whether other machines that Systems Manager manages (mi-...) may be among them.</param>
internal sealed class InstanceIds(bool mayBeManaged)
{
    private const string Setting = "targets.instanceIds";

    private const int MaxShownLength = 60;

    private readonly List<ValueTemplate> _templates = [];

    public int Count => _templates.Count;

    /// <summary>Whether the event names them: then they may be new.</summary>
    public bool AreOfEvent => _templates.Exists(static id => id.Literal is null);

    private string Form => mayBeManaged ? "i-... or mi-..., or its ARN" : "i-..., or its ARN";

    public void Read(JsonNode node, SettingReader settings)
    {
        foreach (var value in settings.Strings(node, "instanceIds"))
        {
            var id = ValueTemplate.Parse(value, ValueRule.Anything, settings.Problems);
            _templates.Add(id);
            settings.Expect(value, id.Literal is null || IsId(id.Literal, out _), "instanceIds", $"the id of an instance ({Form})");
        }
    }

    /// <summary>The ids, each once; null with the result of the action.</summary>
    /// <param name="region">Where the action acts: an ARN of another region is refused.</param>
    public List<string>? Evaluate(in ValueScope scope, string region, out ActionResult end)
    {
        end = default;
        var ids = new List<string>();
        var known = new HashSet<string>();
        foreach (var template in _templates)
        {
            var value = template.Evaluate(scope);
            if (value.Failure(Setting) is { } failure)
            {
                end = failure;
                return null;
            }

            foreach (var text in value.Items)
            {
                var shown = text.Length <= MaxShownLength ? text : text[..MaxShownLength];
                if (!IsId(text, out var id))
                {
                    end = ActionResult.Failed($"{Setting}: '{shown}' is not the id of an instance ({Form})");
                    return null;
                }

                if (id.Length < text.Length && RegionOf(text) != region)
                {
                    end = ActionResult.Failed($"{Setting}: {shown} is in another region than {region}, where this action acts");
                    return null;
                }

                if (known.Add(id))
                {
                    ids.Add(id);
                }
            }
        }

        return ids;
    }

    /// <param name="id">The id itself, also of an ARN.</param>
    private bool IsId(string text, out string id)
    {
        id = InstanceId.OfArn(text) ?? text;
        return mayBeManaged ? InstanceId.IsManaged(id) : InstanceId.Is(id);
    }

    /// <summary>The region of arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE.</summary>
    private static string RegionOf(string arn) => arn.Split(':')[3];
}
