using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Requests to a Lambda authorizer of API Gateway
/// (docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-lambda-authorizer-input.html and http-api-lambda-authorizer.html).
/// Nobody is let in, unless a route names this source in `from`, takes the request and is done with it. The answer is an IAM policy for
/// this one method, or the simple response of payload format 2.0.
/// </summary>
internal sealed class AuthorizerSource : EventSource
{
    public override string Name => "authorizer";

    public override BatchForm Form => BatchForm.Answered;

    public override IdLasts IdLasts => IdLasts.Never;

    public override string IdText => "Lambda's request id, which API Gateway does not keep";

    public override IReadOnlyList<EventSample> Samples =>
    [
        new("authorizer", "A request to a Lambda authorizer of a REST or WebSocket API"),
        new("authorizer-token", "A token for a Lambda authorizer of a REST API"),
        new("authorizer-http", "A request to a Lambda authorizer of an HTTP API, payload format 2.0") { Answer = "`isAuthorized`" },
    ];

    public override string AnswerText => "an IAM policy for the one method";

    public override bool LetsIn => true;

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTop || !HasType(content) || !HasArn(content))
        {
            return false;
        }

        items.Add(new(outer, Name, outer.Id, content) { IsNamedOnly = true });
        return true;
    }

    /// <summary>What tells a request to an authorizer from the request that it decides about.</summary>
    public static bool IsRequest(JsonElement content) => HasType(content) || HasArn(content);

    private static bool HasType(JsonElement content) =>
        content.Get("type"u8) is var type && (type.IsText("REQUEST"u8) || type.IsText("TOKEN"u8));

    private static bool HasArn(JsonElement content) => content.Get("methodArn"u8).IsText() || content.Get("routeArn"u8).IsText();

    public override bool Answer(ByteBuffer answer, JsonElement root, IReadOnlyList<ItemAnswer> items, string requestId)
    {
        if (base.Answer(answer, root, items, requestId))
        {
            return true;
        }

        var isDone = items[0].IsDone;
        var json = new JsonBuilder(answer).BeginObject();
        if (root.Get("version"u8).IsText("2.0"u8))
        {
            json.Name("isAuthorized").Boolean(isDone).EndObject();
            return true;
        }

        json.Member("principalId", "fasttrigger").Name("policyDocument").BeginObject().Member("Version", "2012-10-17")
            .Name("Statement").BeginArray().BeginObject()
            .Member("Action", "execute-api:Invoke").Member("Effect", isDone ? "Allow" : "Deny")
            .Member("Resource", root.Text("methodArn"u8) ?? root.Text("routeArn"u8) ?? "*")
            .EndObject().EndArray().EndObject().EndObject();
        return true;
    }
}
