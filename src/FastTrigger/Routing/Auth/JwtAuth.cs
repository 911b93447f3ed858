using System.Text;
using System.Text.Json;
using FastTrigger.Actions;
using FastTrigger.Events;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Routing.Auth;

/// <summary>`jwt`: claims of a token that API Gateway has verified; each that is named has one of the values that are listed.</summary>
internal sealed class JwtAuth(IReadOnlyList<(string Claim, List<string> Values)> claims) : RouteAuth
{
    public static JwtAuth? Read(SettingReader settings)
    {
        var claims = settings.Require("claims", "an object of claims and lists of values") is { } node && settings.Expect(node, node.IsObject && !node.IsEmpty, "claims", "an object of claims and lists of values")
            ? node.Members.ConvertAll(member => (member.Name, settings.Strings(member.Value, member.Name).ConvertAll(static value => value.Text)))
            : [];
        settings.End();
        return new(claims);
    }

    public override AuthDecision Decide(HttpEvent request, ActionContext context)
    {
        if (request.Claims.ValueKind != JsonValueKind.Object)
        {
            return AuthDecision.Unknown("no token was verified: the API has no JWT or Cognito authorizer");
        }

        foreach (var (claim, values) in claims)
        {
            if (!Has(request.Claims.Get(Encoding.UTF8.GetBytes(claim)), claim, values))
            {
                return AuthDecision.Refused($"the token's claim '{claim}' has none of the values that the route lists");
            }
        }

        return AuthDecision.Allowed;
    }

    private static bool Has(JsonElement value, string claim, List<string> values)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in value.EnumerateArray())
            {
                if (element.ValueKind == JsonValueKind.String && values.Contains(element.GetString()!))
                {
                    return true;
                }
            }

            return false;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        var text = value.GetString()!;
        if (values.Contains(text))
        {
            return true;
        }

        // Claims that are lists arrive as text: a scope's words, and groups as "[a b]" from an HTTP API and "a,b" from a REST API. Of any other claim
        // nothing is split, or whoever may choose a name could choose one with a word too many.
        if (claim is not ("scope" or "scp" or "cognito:groups" or "groups" or "roles"))
        {
            return false;
        }

        var inside = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        foreach (var word in inside.Split(claim is "scope" or "scp" ? [' '] : [' ', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            if (values.Contains(word))
            {
                return true;
            }
        }

        return false;
    }
}
