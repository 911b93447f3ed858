using FastTrigger.Routing.Auth;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates.Triggers;

/// <summary>An HTTP API for routes with jwt, and a Function URL for all others.</summary>
internal sealed class HttpTrigger : SourceTrigger
{
    public override TriggerKind Kind => TriggerKind.Endpoint;

    public override void Add(string source, IReadOnlyList<TemplateRoute> routes, TemplateParts parts)
    {
        if (routes.Any(route => route.Route.Auth is JwtAuth))
        {
            AddHttpApi(parts);
        }

        var iam = routes.FirstOrDefault(route => route.Route.Auth is IamAuth);
        var own = routes.FirstOrDefault(route => route.Route.Auth is not (IamAuth or JwtAuth));
        if (iam is not null && own is not null)
        {
            var message = $"it needs callers that AWS authenticates, and route '{own.Name}' does not: "
                + "a Function URL does either; deploy them as two functions";
            parts.Problems.Add(new(iam.Name, "auth", message));
        }

        if (iam is not null || own is not null)
        {
            parts.UrlAuthorization = iam is not null ? "AWS_IAM" : "NONE";
        }
    }

    private static void AddHttpApi(TemplateParts parts)
    {
        parts.AddParameter("JwtIssuer", "The issuer of the tokens: the URL in their claim iss");
        parts.AddParameter("JwtAudience", "The audience of the tokens: their claim aud");
        parts.Resources["HttpApi"] = Parse("""
            {
              "#": "The API verifies the token, and the routes check its claims.",
              "Type": "AWS::Serverless::HttpApi",
              "Properties": {
                "Auth": {
                  "DefaultAuthorizer": "Jwt",
                  "Authorizers": {
                    "Jwt": {
                      "IdentitySource": "$request.header.Authorization",
                      "JwtConfiguration": {"issuer": {"Ref": "JwtIssuer"}, "audience": [{"Ref": "JwtAudience"}]}
                    }
                  }
                }
              }
            }
            """);
        parts.Events["Api"] = Parse("""
            {
              "Type": "HttpApi",
              "Properties": {
                "ApiId": {"Ref": "HttpApi"}, "Method": "ANY", "Path": "/{proxy+}", "PayloadFormatVersion": "2.0"
              }
            }
            """);
    }
}
