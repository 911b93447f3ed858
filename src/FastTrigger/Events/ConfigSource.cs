using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// What a custom rule of AWS Config is to evaluate (docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html). invokingEvent and
/// ruleParameters are texts of JSON, and patterns see the JSON.
/// </summary>
internal sealed class ConfigSource : EventSource
{
    public override string Name => "config";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items) =>
        outer.IsTop && content.Get("invokingEvent"u8).IsText() && content.Get("resultToken"u8).IsText() && content.Get("configRuleArn"u8).IsText() && content.Get("accountId"u8).IsText()
        && outer.Add(new(Name, outer.Id, Content.Opened(Content.Opened(content, "invokingEvent"), "ruleParameters")) { Callback = Callback.Config }, items);
}
