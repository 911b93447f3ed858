using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace FastTrigger.Cli.LocalAws;

/// <summary>Writes responses and errors as AWS does.</summary>
internal static class AwsResponse
{
    public const string Xml = "text/xml;charset=UTF-8";

    public static async Task WriteAsync(HttpContext context, int status, string type, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        context.Response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString();
        await context.Response.Body.WriteAsync(bytes);
    }

    public static Task WriteErrorAsync(HttpContext context, LocalService service, AwsError error)
    {
        if (service is LocalQueryService query)
        {
            return WriteAsync(context, error.Status, Xml, query.Error(QueryCode(query.Name, error.Code), error.Message));
        }

        var document = new JsonObject { ["__type"] = error.Code, ["message"] = error.Message };
        return WriteAsync(context, error.Status, service.ContentType, document.ToJsonString());
    }

    /// <summary>The error code of a service with the query protocol. EC2 has its own names for some codes.</summary>
    private static string QueryCode(string service, string code) => (service, code) switch
    {
        ("ec2", "InvalidSignatureException" or "UnrecognizedClientException") => "AuthFailure",
        ("ec2", "ExpiredTokenException") => "RequestExpired",
        (_, "InvalidSignatureException") => "SignatureDoesNotMatch",
        (_, "UnrecognizedClientException") => "InvalidClientTokenId",
        (_, "ExpiredTokenException") => "ExpiredToken",
        _ => code,
    };
}
