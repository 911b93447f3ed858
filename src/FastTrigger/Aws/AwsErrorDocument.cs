using FastTrigger.Http;
using FastTrigger.Json;

namespace FastTrigger.Aws;

/// <summary>
/// AWS's error responses: JSON ({"__type": "prefix#Code", "message": ...}) and XML (Code and Message of an Error).
/// </summary>
internal static class AwsErrorDocument
{
    public static AwsFailure Read(HttpResponse response)
    {
        var isXml = response.Body.Span.TrimStart(" \r\n\t"u8).StartsWith("<"u8);
        var (code, message) = isXml ? ReadXml(response.Body.Span) : ReadJson(response);
        var kind = Classify(response.Status, code);
        return new(kind, code, message.Length > 0 ? message : $"HTTP {response.Status}", Sent: true)
        {
            RequestId = response.Header("x-amzn-requestid"u8) ?? response.Header("x-amz-request-id"u8),
        };
    }

    /// <summary>Whether the difference between the clocks may be the reason.</summary>
    public static bool MayBeSkew(string code) => code is "RequestTimeTooSkewed" or "RequestExpired" or "RequestInTheFuture"
        or "InvalidSignatureException" or "SignatureDoesNotMatch" or "AuthFailure";

    /// <summary>Whether AWS refuses the credentials, so that others may be accepted: AuthFailure is EC2's code for unknown ones.</summary>
    public static bool MayBeCredentials(AwsFailure failure) => failure.Kind == AwsFailureKind.Expired
        || failure.Code is "InvalidClientTokenId" or "UnrecognizedClientException" or "AuthFailure";

    /// <summary>
    /// As the SDKs classify errors (docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html). A service that gave up reading a
    /// request counts as one that failed with it: nobody knows whether it took effect.
    /// </summary>
    internal static AwsFailureKind Classify(int status, string code) => code switch
    {
        "Throttling" or "ThrottlingException" or "ThrottledException" or "RequestThrottledException" or "RequestThrottled"
            or "TooManyRequestsException" or "RequestLimitExceeded" or "EC2ThrottledException" or "SlowDown"
            or "PriorRequestNotComplete" or "BandwidthLimitExceeded" or "ProvisionedThroughputExceededException"
            or "LimitExceededException" or "TransactionInProgressException"
            => AwsFailureKind.Throttled,
        "RequestTimeout" or "RequestTimeoutException" or "TimeoutError" => AwsFailureKind.ServerFault,
        "ExpiredToken" or "ExpiredTokenException" or "RequestExpired" or "TokenRefreshRequired" => AwsFailureKind.Expired,
        _ => status switch
        {
            429 => AwsFailureKind.Throttled,
            408 or >= 500 => AwsFailureKind.ServerFault,
            _ => AwsFailureKind.Refused,
        },
    };

    private static (string Code, string Message) ReadJson(HttpResponse response)
    {
        var document = response.Body.Length > 0 ? EventJson.Parse(response.Body, out _) : null;
        var root = document?.RootElement ?? default;
        var code = root.Text("__type"u8) ?? root.Text("code"u8) ?? response.Header("x-amzn-errortype"u8) ?? "";
        // The type may be written as "com.amazonaws.ssm#InvalidDocument" or "InvalidDocument:http://...".
        code = code[(code.LastIndexOf('#') + 1)..].Split(':')[0];
        return (code, root.Text("message"u8) ?? root.Text("Message"u8) ?? "");
    }

    private static (string Code, string Message) ReadXml(ReadOnlySpan<byte> body)
    {
        var (code, message) = ("", "");
        var xml = new XmlScanner(body);
        while (xml.Read())
        {
            if (xml.IsText("Code"u8))
            {
                code = xml.Text;
            }
            else if (xml.IsText("Message"u8))
            {
                message = xml.Text;
            }
        }

        return (code, message);
    }
}
