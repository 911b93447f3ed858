using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace FastTrigger.Cli.LocalAws;

/// <summary>Takes what a custom resource is answered, at the URL in S3 that CloudFormation signed for it: any host name of S3's, and what CloudFormation would not understand is an error.</summary>
internal static class LocalResponseUrl
{
    private static readonly string[] s_required = ["Status", "PhysicalResourceId", "StackId", "RequestId", "LogicalResourceId"];

    public static bool Is(HttpRequest request) => request.Method == "PUT" && request.Host.Host.Contains(".s3.", StringComparison.Ordinal);

    /// <summary>What was answered.</summary>
    /// <exception cref="AwsError">S3 would refuse it, or CloudFormation could not read it.</exception>
    public static JsonObject Read(HttpRequest request, byte[] body)
    {
        // The signature is over no content type at all.
        if (!request.Query.ContainsKey("X-Amz-Signature") || !string.IsNullOrEmpty(request.ContentType))
        {
            throw new AwsError(403, "SignatureDoesNotMatch", $"The request signature we calculated does not match (Content-Type is '{request.ContentType}')");
        }

        if (body.Length > 4_096 || JsonNode.Parse(Encoding.UTF8.GetString(body)) is not JsonObject response || s_required.FirstOrDefault(name => string.IsNullOrEmpty(response[name]?.ToString())) is not null
            || response["Status"]!.ToString() is not ("SUCCESS" or "FAILED") || (response["Status"]!.ToString() == "FAILED" && string.IsNullOrEmpty(response["Reason"]?.ToString())))
        {
            throw new AwsError(400, "InvalidResponse", $"CloudFormation does not understand this response of {body.Length} bytes");
        }

        return response;
    }
}
