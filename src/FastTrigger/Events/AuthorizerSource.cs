using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Requests to a Lambda authorizer of API Gateway (docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-lambda-authorizer-input.html and
/// http-api-lambda-authorizer.html). Nobody is let in, unless a route names this source in `from`, takes the request and is done with it. The answer is an IAM policy for
/// this one method, or the simple response of payload format 2.0.
/// </summary>
internal sealed class AuthorizerSource : EventSource
{
    public override string Name => "authorizer";

    public override BatchForm Form => BatchForm.Answered;

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        var type = content.Get("type"u8);
        if (!(type.IsText("REQUEST"u8) || type.IsText("TOKEN"u8)) || !(content.Get("methodArn"u8).IsText() || content.Get("routeArn"u8).IsText()))
        {
            return false;
        }

        return outer.Add(new(Name, outer.Id, content) { IsNamedOnly = true }, items);
    }

    public override bool Answer(ByteBuffer answer, JsonElement root, IReadOnlyList<Item> items, string requestId)
    {
        if (base.Answer(answer, root, items, requestId))
        {
            return true;
        }

        var end = items[0].End;
        var json = new JsonBuilder(answer).BeginObject();
        if (root.Get("version"u8).IsText("2.0"u8))
        {
            json.Name("isAuthorized").Boolean(end.IsDone).EndObject();
            return true;
        }

        json.Member("principalId", "fasttrigger").Name("policyDocument").BeginObject().Member("Version", "2012-10-17").Name("Statement").BeginArray().BeginObject()
            .Member("Action", "execute-api:Invoke").Member("Effect", end.IsDone ? "Allow" : "Deny").Member("Resource", root.Text("methodArn"u8) ?? root.Text("routeArn"u8) ?? "*")
            .EndObject().EndArray().EndObject().EndObject();
        return true;
    }
}
