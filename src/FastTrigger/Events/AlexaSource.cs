using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// A request of an Alexa skill (developer.amazon.com/docs/alexa/custom-skills/request-and-response-json-reference.html). Which skill it is
/// stands in context.System.application.applicationId. A C# handler's answer is the whole answer.
/// </summary>
internal sealed class AlexaSource : EventSource
{
    public override string Name => "alexa";

    public override BatchForm Form => BatchForm.Answered;

    public override string IdText => "the request's id";

    public override IReadOnlyList<EventSample> Samples => [new("alexa", "A request of an Alexa skill")];

    public override string AnswerText => "`response`";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        var request = content.Get("request"u8);
        if (!outer.IsTop || !request.Get("type"u8).IsText() || request.Text("requestId"u8) is not { } id
            || !content.Get("context"u8).Get("System"u8, "application"u8).Get("applicationId"u8).IsText())
        {
            return false;
        }

        items.Add(new(outer, Name, ItemId.Lasting(id), content) { IsNamedOnly = true });
        return true;
    }

    public override bool Answer(ByteBuffer answer, JsonElement root, IReadOnlyList<ItemAnswer> items, string requestId)
    {
        if (base.Answer(answer, root, items, requestId))
        {
            return true;
        }

        var json = new JsonBuilder(answer).BeginObject().Member("version", "1.0").Name("response").BeginObject();
        // Nobody listens any more after the end of a session: a response to it may say nothing.
        if (!root.Get("request"u8, "type"u8).IsText("SessionEndedRequest"u8))
        {
            json.Name("outputSpeech").BeginObject().Member("type", "PlainText").Member("text", items[0].Sentence).EndObject()
                .Name("shouldEndSession").Boolean(true);
        }

        json.EndObject().EndObject();
        return true;
    }
}
