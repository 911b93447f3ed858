using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// What a bot of Amazon Lex, V1 (docs.aws.amazon.com/lex/latest/dg/lambda-input-response-format.html) or V2
/// (docs.aws.amazon.com/lexv2/latest/dg/lambda-input-format.html), asks its function. A dialog continues by the bot's own rules; an intent
/// is fulfilled, or has failed. A C# handler's answer is the whole answer.
/// </summary>
internal sealed class LexSource : EventSource
{
    public override string Name => "lex";

    public override BatchForm Form => BatchForm.Answered;

    public override IdLasts IdLasts => IdLasts.Never;

    public override string IdText => "Lambda's request id, which Lex does not keep";

    public override IReadOnlyList<EventSample> Samples =>
    [
        new("lex", "A bot of Amazon Lex V2"),
        new("lex-v1", "A bot of Amazon Lex V1") { Answer = "`dialogAction`" },
    ];

    public override string AnswerText => "`sessionState`, `messages`";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTop || content.Text("invocationSource"u8) is not ("DialogCodeHook" or "FulfillmentCodeHook")
            || !content.Get("bot"u8, "name"u8).IsText()
            || !(content.Get("currentIntent"u8, "name"u8).IsText() || content.Get("sessionState"u8).Get("intent"u8, "name"u8).IsText()))
        {
            return false;
        }

        items.Add(new(outer, Name, outer.Id, content) { IsNamedOnly = true });
        return true;
    }

    public override bool Answer(ByteBuffer answer, JsonElement root, IReadOnlyList<ItemAnswer> items, string requestId)
    {
        if (base.Answer(answer, root, items, requestId))
        {
            return true;
        }

        var end = items[0];
        var isDialog = root.Get("invocationSource"u8).IsText("DialogCodeHook"u8);
        var state = root.Get("sessionState"u8);
        if (state.Get("intent"u8).ValueKind == JsonValueKind.Object)
        {
            WriteV2(new(answer), state, isDialog, end);
        }
        else
        {
            WriteV1(new(answer), root, isDialog, end);
        }

        return true;
    }

    private static void WriteV1(JsonBuilder json, JsonElement root, bool isDialog, in ItemAnswer end)
    {
        json.BeginObject();
        if (root.Get("sessionAttributes"u8) is { ValueKind: JsonValueKind.Object } attributes)
        {
            json.Name("sessionAttributes").Raw(attributes);
        }

        json.Name("dialogAction").BeginObject();
        if (isDialog)
        {
            var slots = root.Get("currentIntent"u8, "slots"u8);
            json.Member("type", "Delegate").Name("slots").Raw(slots.ValueKind == JsonValueKind.Object ? slots.GetRawText() : "{}");
        }
        else
        {
            json.Member("type", "Close").Member("fulfillmentState", end.IsDone ? "Fulfilled" : "Failed")
                .Name("message").BeginObject().Member("contentType", "PlainText").Member("content", end.Sentence).EndObject();
        }

        json.EndObject().EndObject();
    }

    private static void WriteV2(JsonBuilder json, JsonElement state, bool isDialog, in ItemAnswer end)
    {
        json.BeginObject().Name("sessionState").BeginObject();
        if (state.Get("sessionAttributes"u8) is { ValueKind: JsonValueKind.Object } attributes)
        {
            json.Name("sessionAttributes").Raw(attributes);
        }

        json.Name("dialogAction").BeginObject().Member("type", isDialog ? "Delegate" : "Close").EndObject().Name("intent").BeginObject();
        foreach (var member in state.Get("intent"u8).EnumerateObject())
        {
            if (isDialog || !member.NameEquals("state"u8))
            {
                json.Name(member.Name).Raw(member.Value);
            }
        }

        if (!isDialog)
        {
            json.Member("state", end.IsDone ? "Fulfilled" : "Failed");
        }

        json.EndObject().EndObject();
        if (!isDialog)
        {
            json.Name("messages").BeginArray()
                .BeginObject().Member("contentType", "PlainText").Member("content", end.Sentence).EndObject()
                .EndArray();
        }

        json.EndObject();
    }
}
