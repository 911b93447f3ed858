using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// Receives the response of a custom resource, at the presigned S3 URL that CloudFormation gives it. Any S3 host name is accepted, and a
/// response that CloudFormation would not understand is an error.
/// </summary>
internal static class LocalResponseUrl
{
    private static readonly string[] s_required = ["Status", "PhysicalResourceId", "StackId", "RequestId", "LogicalResourceId"];

    private const int MaxBytes = 4_096;

    /// <summary>What S3 calls it.</summary>
    public const string Operation = "PutObject";

    public static bool Is(HttpRequest request) =>
        request.Method == "PUT" && request.Host.Host.Contains(".s3.", StringComparison.Ordinal);

    /// <summary>Reads the response.</summary>
    /// <exception cref="AwsError">S3 would refuse the request, or CloudFormation could not read the response.</exception>
    public static JsonObject Read(HttpRequest request, byte[] body)
    {
        // The signature covers an empty content type.
        if (!request.Query.ContainsKey("X-Amz-Signature") || !string.IsNullOrEmpty(request.ContentType))
        {
            throw new AwsError(
                403,
                "SignatureDoesNotMatch",
                $"The request signature we calculated does not match (Content-Type is '{request.ContentType}')");
        }

        if (body.Length > MaxBytes || Parse(body) is not JsonObject response || !IsValid(response))
        {
            throw new AwsError(400, "InvalidResponse", $"CloudFormation does not understand this response of {body.Length} bytes");
        }

        return response;
    }

    private static JsonNode? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(Encoding.UTF8.GetString(body), documentOptions: new() { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsValid(JsonObject response) =>
        s_required.All(name => HasText(response, name))
        && (response["Status"]!.ToString() == "SUCCESS"
            || (response["Status"]!.ToString() == "FAILED" && HasText(response, "Reason")));

    private static bool HasText(JsonObject response, string name) => !string.IsNullOrEmpty(response[name]?.ToString());
}
