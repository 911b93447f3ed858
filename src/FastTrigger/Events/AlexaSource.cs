using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// A request of an Alexa skill (developer.amazon.com/docs/alexa/custom-skills/request-and-response-json-reference.html), acted on once by its requestId. Which skill it is, is in
/// context.System.application.applicationId. A C# handler's answer is the whole answer.
/// </summary>
internal sealed class AlexaSource : EventSource
{
    public override string Name => "alexa";

    public override BatchForm Form => BatchForm.Answered;

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items) =>
        outer.IsTop && content.Get("request"u8, "type"u8).IsText() && content.Get("context"u8).Get("System"u8, "application"u8).Get("applicationId"u8).IsText() && content.Get("request"u8).Text("requestId"u8) is { } id
        && outer.Add(new(Name, id, content) { IsNamedOnly = true }, items);

    public override bool Answer(ByteBuffer answer, JsonElement root, IReadOnlyList<Item> items, string requestId)
    {
        if (base.Answer(answer, root, items, requestId))
        {
            return true;
        }

        var end = items[0].End;
        var json = new JsonBuilder(answer).BeginObject().Member("version", "1.0").Name("response").BeginObject();
        // Nobody listens any more: a response to it may say nothing.
        if (!root.Get("request"u8, "type"u8).IsText("SessionEndedRequest"u8))
        {
            json.Name("outputSpeech").BeginObject().Member("type", "PlainText").Member("text", end.Sentence).EndObject().Name("shouldEndSession").Boolean(true);
        }

        json.EndObject().EndObject();
        return true;
    }
}
