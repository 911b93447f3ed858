using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// What a custom rule of AWS Config is to evaluate
/// (docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html). invokingEvent and ruleParameters
/// are texts of JSON, and patterns see the JSON.
/// </summary>
internal sealed class ConfigSource : EventSource
{
    public override string Name => "config";

    public override IdLasts IdLasts => IdLasts.InAsynchronousRetries;

    public override string IdText => "Lambda's request id";

    public override IReadOnlyList<CallbackKind> Callbacks => [CallbackKind.Config];

    public override IReadOnlyList<EventSample> Samples =>
    [
        new("config", "A change that a rule of AWS Config is to evaluate"),
        new("config-periodic", "A rule of AWS Config on a schedule"),
    ];

    public override string AnswerText => "PutEvaluations; an error when that failed";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTop || !content.Get("invokingEvent"u8).IsText() || !content.Get("resultToken"u8).IsText()
            || !content.Get("configRuleArn"u8).IsText() || !content.Get("accountId"u8).IsText())
        {
            return false;
        }

        var seen = Content.Opened(Content.Opened(content, "invokingEvent"), "ruleParameters");
        items.Add(new(outer, Name, outer.Id, seen) { Callback = new(CallbackKind.Config, seen) });
        return true;
    }
}
