using System.Text;
using System.Text.Json;
using FastTrigger.Actions;
using FastTrigger.Core;
using FastTrigger.Events;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Routing.Auth;

/// <summary>`jwt`: claims of a token that API Gateway has verified; each that is named has one of the values that are listed.</summary>
internal sealed class JwtAuth(IReadOnlyList<(string Claim, List<string> Values)> claims) : RouteAuth
{
    public static JwtAuth? Read(SettingReader settings)
    {
        const string Form = "an object of claims and lists of values";
        var claims = settings.Require("claims", Form) is { } node && settings.Expect(node, node.IsObject && !node.IsEmpty, "claims", Form)
            ? Array.ConvertAll(node.Members.ToArray(), member =>
                (member.Name, settings.Strings(member.Value, member.Name).ConvertEach(static value => value.Text)))
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
                if (element.ValueKind == JsonValueKind.String && values.Has(element.GetString()!))
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
        if (values.Has(text))
        {
            return true;
        }

        // A scope is a list of names without blanks (RFC 8693, 4.2). Nothing else is split: API Gateway makes a list of any claim one text,
        // in which a name with a blank in it looks like two names. [not admin] is not admin.
        return claim is "scope" or "scp" && Array.Exists(text.Split(' '), values.Has);
    }
}
