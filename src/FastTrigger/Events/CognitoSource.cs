using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;
using FastTrigger.Runtime;

namespace FastTrigger.Events;

/// <summary>
/// A trigger of a Cognito user pool (docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-identity-pools-working-with-aws-lambda-triggers.html). The event goes back as it came, with what a C# handler
/// answered as its `response`. What is not done refuses the user, who sees the error's message: it says nothing of the inside.
/// </summary>
internal sealed class CognitoSource : EventSource
{
    public override string Name => "cognito";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items) =>
        outer.IsTop && content.Get("triggerSource"u8).IsText() && content.Get("userPoolId"u8).IsText() && content.Get("request"u8).ValueKind == JsonValueKind.Object && content.Get("response"u8).ValueKind == JsonValueKind.Object
        && outer.Add(new(Name, outer.Id, content) { IsNamedOnly = true }, items);

    public override bool Answer(ByteBuffer answer, JsonElement root, IReadOnlyList<Item> items, string requestId)
    {
        answer.Append(items[0].End.Answer is { } response ? Content.With(root, "response", Encoding.UTF8.GetBytes(response)) : JsonMarshal.GetRawUtf8Value(root));
        return true;
    }

    public override RuntimeError Shown(RuntimeError error, string requestId) => error with { Message = $"not accepted (request {requestId})" };
}
