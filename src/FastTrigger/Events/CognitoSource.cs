using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// A trigger of a Cognito user pool
/// (docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-identity-pools-working-with-aws-lambda-triggers.html). The event goes
/// back unchanged, with what a C# handler answered as its `response`; the custom e-mail and SMS senders have none. What is not done, or
/// what no route takes, refuses the user, who sees the error's message: it says nothing of the inside.
/// </summary>
internal sealed class CognitoSource : EventSource
{
    public override string Name => "cognito";

    public override IdLasts IdLasts => IdLasts.Never;

    public override string IdText => "Lambda's request id, which Cognito does not keep";

    public override IReadOnlyList<EventSample> Samples =>
    [
        new("cognito", "A trigger of a Cognito user pool"),
        new("cognito-sender", "A code that a custom e-mail sender is to deliver"),
    ];

    public override string AnswerText => "the event; an error when anything was not done";

    public override bool UnmatchedIsError => true;

    public override bool LetsIn => true;

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTop || !content.Get("triggerSource"u8).IsText() || !content.Get("userPoolId"u8).IsText()
            || content.Get("request"u8).ValueKind != JsonValueKind.Object
            || content.Get("response"u8).ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined or JsonValueKind.Null))
        {
            return false;
        }

        items.Add(new(outer, Name, outer.Id, content) { IsNamedOnly = true });
        return true;
    }

    public override bool Answer(ByteBuffer answer, JsonElement root, IReadOnlyList<ItemAnswer> items, string requestId)
    {
        answer.Append(items[0].Given is { } response
            ? Content.With(root, "response", Encoding.UTF8.GetBytes(response)).Span
            : JsonMarshal.GetRawUtf8Value(root));
        return true;
    }

    public override string RedactError(string message, string requestId) => $"not accepted (request {requestId})";
}
